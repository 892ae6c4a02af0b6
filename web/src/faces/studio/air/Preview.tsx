import { textIn } from '@efir/contract/scalars.ts'
import { EyeOff, VideoOff } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { usePlayer } from '../../../player/use-player.ts'
import { Button } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import type { Air } from './air.ts'
import './Preview.css'

/** One's own camera where it is published from; on every other device what viewers see. */
export function Preview({ air, className }: { readonly air: Air; readonly className?: string }) {
  const words = useWords('studio')
  const { camera, sender, desk } = air
  const own = camera.stream !== null && sender.state.at !== 'off' && sender.state.at !== 'replaced'
  return (
    <div className={cx('air-picture', className)}>
      {own ? <OwnPicture stream={camera.stream} mirrored={camera.mirrored} /> : <Programme air={air} />}
      {desk.slate ? (
        <div className="slate" role="status">
          <EyeOff size={36} aria-hidden />
          <b>{words('studio.slate_on')}</b>
          <p>{words('studio.slate_on_text')}</p>
        </div>
      ) : null}
    </div>
  )
}

function OwnPicture({ stream, mirrored }: { readonly stream: MediaStream | null; readonly mirrored: boolean }) {
  const words = useWords('studio')
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.srcObject = stream
  }, [stream])
  return (
    <video
      ref={video}
      className={mirrored ? 'preview-mirrored' : undefined}
      autoPlay
      muted
      playsInline
      aria-label={words('studio.my_picture')}
      data-own
    />
  )
}

function Programme({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const { desk, camera, sender } = air
  const video = useRef<HTMLVideoElement>(null)
  const gone = desk.show?.state === 'paused' || desk.stream?.state === 'off'
  const url = gone ? null : (desk.page.value?.playback.liveUrl ?? null)
  const { snapshot } = usePlayer(video, url, { live: true })
  const comeBack = () => (camera.stream ? sender.from(camera) : camera.start())
  return (
    <>
      <video ref={video} muted playsInline aria-label={textIn(desk.show?.title, locale)} data-state={snapshot.state} />
      {gone && desk.rights.runs ? (
        <div className="slate">
          <VideoOff size={36} aria-hidden />
          <b>{words(sender.state.at === 'replaced' ? 'studio.replaced' : 'studio.no_picture')}</b>
          <p>{words('studio.no_picture_text')}</p>
          {camera.stream ? <OwnThumb stream={camera.stream} /> : null}
          <Button kind="ink" onPress={comeBack} busy={camera.state.at === 'asking'}>
            {words(camera.stream ? 'studio.back_here' : 'studio.camera_on')}
          </Button>
          {camera.state.at === 'failed' ? <p role="alert">{words(`studio.camera_${camera.state.problem}_text`)}</p> : null}
        </div>
      ) : null}
    </>
  )
}

function OwnThumb({ stream }: { readonly stream: MediaStream }) {
  const words = useWords('studio')
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.srcObject = stream
  }, [stream])
  return <video ref={video} className="slate-thumb" autoPlay muted playsInline aria-label={words('studio.my_picture')} />
}
