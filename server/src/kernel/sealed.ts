import { createHmac, timingSafeEqual } from 'node:crypto'

const mac = (secret: string, purpose: string, text: string): Buffer =>
  createHmac('sha256', secret).update(`efir.${purpose}.1:${text}`).digest()

/** Something of ours that a browser carries for a while: readable by its bearer, changed by nobody, good for one purpose. */
export function seal(secret: string, purpose: string, body: object, untilAt: number): string {
  const text = Buffer.from(JSON.stringify({ ...body, untilAt })).toString('base64url')
  return `${text}.${mac(secret, purpose, text).toString('base64url')}`
}

/** Null when forged, torn, of another purpose or too late. */
export function unseal<T>(secret: string, purpose: string, sealed: string | undefined, now: number): T | null {
  const [text, signature] = (sealed ?? '').split('.')
  if (!text || !signature || text.length > 4000) return null
  const given = Buffer.from(signature, 'base64url')
  const right = mac(secret, purpose, text)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const body = JSON.parse(Buffer.from(text, 'base64url').toString()) as T & { untilAt: number }
  return body.untilAt > now ? body : null
}
