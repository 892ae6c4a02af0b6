import type { Out } from '@efir/contract/act.ts'
import { addPicture } from '@efir/contract/catalog.ts'
import { requestOf } from '@efir/contract/client.ts'
import type { Problem } from '../../net/api.ts'

export type Uploaded =
  | { readonly ok: true; readonly value: Out<typeof addPicture> }
  | { readonly ok: false; readonly problem: Problem }

/** Bytes that the server accepts for a picture. */
export const pictureMaxBytes = 15_000_000
export const pictureTypes = 'image/jpeg,image/png,image/webp,image/avif,image/gif'
const slowestMs = 90_000

/** A picture goes as a form, not as JSON. */
export async function uploadPicture(shopId: string, file: File): Promise<Uploaded> {
  const form = new FormData()
  form.append('file', file)
  try {
    const response = await fetch(requestOf(addPicture, { shopId }).path, {
      method: 'POST',
      body: form,
      headers: { 'x-efir': '1' },
      credentials: 'same-origin',
      signal: AbortSignal.timeout(slowestMs),
    })
    const body = (await response.json()) as { refusal?: { code: string; params?: Record<string, string> } }
    if (response.ok) return { ok: true, value: body as unknown as Out<typeof addPicture> }
    if (body.refusal)
      return { ok: false, problem: { ok: false, refusal: body.refusal.code, params: body.refusal.params ?? {} } as Problem }
    return { ok: false, problem: { ok: false, refusal: null, failure: 'defect' } }
  } catch (problem) {
    if (problem instanceof TypeError || problem instanceof DOMException || problem instanceof SyntaxError)
      return { ok: false, problem: { ok: false, refusal: null, failure: 'network' } }
    throw problem
  }
}
