import { createHash, randomBytes } from 'node:crypto'

export const sessionMs = 90 * 86_400_000
/** Short, so that a taken-away right is gone soon; long enough that a show needs few renewals. */
export const tokenMs = 15 * 60_000
export const invitationMs = 7 * 86_400_000

/** How long after a sign-in dangerous things may be done without another. */
export const provenMs = 10 * 60_000
export const challengeMs = 5 * 60_000
export const outsideFlowMs = 10 * 60_000
export const mostPasskeys = 20
export const archiveMs = 7 * 86_400_000

/** NIST SP 800-63B: length counts, composition rules do not. */
export function passwordWeakness(password: string, email: string, name: string): 'short' | 'like_name' | 'plain' | null {
  if ([...password].length < 10) return 'short'
  const lower = password.toLowerCase()
  const own = [email.split('@')[0] ?? '', name].map((t) => t.toLowerCase()).filter((t) => t.length >= 4)
  if (own.some((t) => lower.includes(t))) return 'like_name'
  return new Set(lower).size < 5 ? 'plain' : null
}

/** Links and sessions carry 32 random bytes; only the hash is stored. */
export const newSecret = (): string => randomBytes(32).toString('base64url')
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

export const nameFromEmail = (email: string): string => (email.split('@')[0] ?? 'Guest').slice(0, 60) || 'Guest'
