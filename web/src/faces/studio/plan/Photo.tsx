import { Camera } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Problem } from '../../../net/api.ts'
import { photoFrom, type Uploaded, uploadShowPicture } from '../../../parts/studio/upload.ts'
import { useWords } from '../../../ui/words.tsx'

export interface Photo {
  readonly address: string | null
  readonly problem: Problem | null
  take(file: Blob | null): void
  /** Null: no photo was taken. */
  uploaded(): Promise<Uploaded | null>
}

/** Sent while the rest is being typed; with `ofCamera` taken from one's own running picture at once. */
export function usePhoto(showId: string, ofCamera: boolean): Photo {
  const [address, setAddress] = useState<string | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const sending = useRef<Promise<Uploaded> | null>(null)
  const take = (file: Blob | null) => {
    if (!file) return
    setProblem(null)
    setAddress(URL.createObjectURL(file))
    const underWay = uploadShowPicture(showId, file)
    sending.current = underWay
    void underWay.then((answer) => {
      if (sending.current === underWay && !answer.ok) setProblem(answer.problem)
    })
  }
  const first = useRef(take)
  useEffect(() => {
    const own = ofCamera ? document.querySelector<HTMLVideoElement>('video[data-own]') : null
    if (own) void photoFrom(own).then(first.current)
  }, [ofCamera])
  useEffect(() => () => (address ? URL.revokeObjectURL(address) : undefined), [address])
  return { address, problem, take, uploaded: async () => (sending.current ? await sending.current : null) }
}

export function PhotoField({ photo }: { readonly photo: Photo }) {
  const words = useWords('studio')
  return (
    <label className="quick-photo">
      <Camera size={24} aria-hidden />
      <span>{words('studio.photo')}</span>
      {photo.address ? <img src={photo.address} alt="" /> : null}
      <input
        type="file"
        className="check-input"
        accept="image/*"
        capture="environment"
        aria-label={words('studio.photo')}
        onChange={(event) => photo.take(event.target.files?.[0] ?? null)}
      />
    </label>
  )
}
