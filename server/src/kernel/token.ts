import { createHmac, timingSafeEqual } from 'node:crypto'

/** Short-lived, signed, verified without the database: body.signature, base64url, HMAC-SHA-256. */
export interface TokenBody {
  /** Person. */
  readonly p: string
  readonly k: 'guest' | 'account'
  readonly n: string
  /** Operator. */
  readonly o?: 1
  /** Demo person. */
  readonly d?: 1
  /** Session, so that signing out everywhere can refuse renewals. */
  readonly s: string
  /** Expiry, epoch ms. */
  readonly e: number
}

const mac = (secret: string, text: string): Buffer => createHmac('sha256', secret).update(`efir.token.1:${text}`).digest()

export function signToken(secret: string, body: TokenBody): string {
  const text = Buffer.from(JSON.stringify(body)).toString('base64url')
  return `${text}.${mac(secret, text).toString('base64url')}`
}

/** Null when forged, torn or expired. */
export function verifyToken(secret: string, token: string, now: number): TokenBody | null {
  if (token.length > 1024) return null
  const [text, signature] = token.split('.')
  if (!text || !signature) return null
  const given = Buffer.from(signature, 'base64url')
  const right = mac(secret, text)
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const body = JSON.parse(Buffer.from(text, 'base64url').toString()) as TokenBody
  return body.e > now ? body : null
}
