import { createHmac, randomBytes } from 'node:crypto'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** After each try in vain; together about three days. */
export const pausesMs: readonly number[] = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  8 * hourMs,
  12 * hourMs,
  20 * hourMs,
  24 * hourMs,
]
/** So many tries hold back what comes behind, for order's sake; after that one stubborn event does not stop the others. */
export const inOrderTries = 4
export const oldSecretMs = 24 * hourMs
export const keptMs = 30 * 24 * hourMs
export const tryMs = 10 * secondMs
export const answerBytes = 65_536
export const answerShown = 2_000
/** Longer than a try can last. */
export const leaseMs = 30 * secondMs
export const perRun = 10

/** What a try came to. Redirects are not followed: the address is the shop's to keep right. */
export type Outcome = 'taken' | 'later' | 'never'
export const outcomeOf = (status: number | null): Outcome =>
  status !== null && status >= 200 && status < 300 ? 'taken' : status === 410 ? 'never' : 'later'

export const newHookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** Standard Webhooks 1.0: `v1,` and base64 of HMAC-SHA-256 over `id.timestamp.body`, one for each secret. */
export function signaturesOf(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  const sign = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')
  return secrets.map((secret) => `v1,${sign(secret)}`).join(' ')
}
