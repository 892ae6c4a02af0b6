import { createHmac, timingSafeEqual } from 'node:crypto'

const mac = (secret: string, purpose: string, text: string): Buffer =>
  createHmac('sha256', secret).update(`efir.${purpose}:${text}`).digest()

/** A value that anybody may carry and nobody can change: body.signature, base64url, HMAC-SHA-256. One purpose's seals are no other's. */
export function seal(secret: string, purpose: string, value: unknown): string {
  const text = Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${text}.${mac(secret, purpose, text).toString('base64url')}`
}

/** Null when forged or torn. */
export function unseal<T>(secret: string, purpose: string, sealed: string): T | null {
  const [text, signature] = sealed.split('.')
  if (!text || !signature) return null
  const given = Buffer.from(signature, 'base64url')
  const right = mac(secret, purpose, text)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as T
}
