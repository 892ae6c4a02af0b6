import type { Out } from '@efir/contract/act.ts'
import { requestOf } from '@efir/contract/client.ts'
import { addShowPicture } from '@efir/contract/shows.ts'
import type { Problem } from '../../net/api.ts'

export type Uploaded =
  | { readonly ok: true; readonly picture: Out<typeof addShowPicture> }
  | { readonly ok: false; readonly problem: Problem }

/** A picture goes as a form, not as JSON. */
export async function uploadShowPicture(showId: string, file: Blob, name = 'picture.jpg'): Promise<Uploaded> {
  const form = new FormData()
  form.append('file', file, name)
  const { path } = requestOf(addShowPicture, { showId })
  try {
    const response = await fetch(path, {
      method: 'POST',
      body: form,
      headers: { 'x-efir': '1' },
      credentials: 'same-origin',
      signal: AbortSignal.timeout(60_000),
    })
    const body = (await response.json()) as { refusal?: { code: string; params?: Record<string, string> } }
    if (response.ok) return { ok: true, picture: body as unknown as Out<typeof addShowPicture> }
    if (body.refusal)
      return { ok: false, problem: { ok: false, refusal: body.refusal.code, params: body.refusal.params ?? {} } as Problem }
    return { ok: false, problem: { ok: false, refusal: null, failure: 'defect' } }
  } catch (problem) {
    if (problem instanceof TypeError || problem instanceof DOMException || problem instanceof SyntaxError)
      return { ok: false, problem: { ok: false, refusal: null, failure: 'network' } }
    throw problem
  }
}

/** The picture of a running camera, upright as viewers see it. */
export async function photoFrom(video: HTMLVideoElement): Promise<Blob | null> {
  if (video.videoWidth === 0) return null
  const canvas = document.createElement('canvas')
  const side = Math.min(video.videoWidth, video.videoHeight)
  canvas.width = canvas.height = Math.min(side, 1280)
  const context = canvas.getContext('2d')
  context?.drawImage(
    video,
    (video.videoWidth - side) / 2,
    (video.videoHeight - side) / 2,
    side,
    side,
    0,
    0,
    canvas.width,
    canvas.height,
  )
  return await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9))
}
