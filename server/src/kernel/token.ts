import { seal, unseal } from './seal.ts'

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

const purpose = 'token.1'

export const signToken = (secret: string, body: TokenBody): string => seal(secret, purpose, body)

/** Null when forged, torn or expired. */
export function verifyToken(secret: string, token: string, now: number): TokenBody | null {
  if (token.length > 1024) return null
  const body = unseal<TokenBody>(secret, purpose, token)
  return body && body.e > now ? body : null
}
