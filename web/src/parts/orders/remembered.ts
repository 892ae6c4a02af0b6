import type { Draft } from './address.ts'

/** Where parcels went last, kept on this device alone, so that the second purchase of a show takes a tap. */
export interface Remembered {
  readonly country: string
  readonly draft: Draft
  readonly email: string
}

const storageKey = 'efir.address'

export function readRemembered(): Remembered | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    return kept && typeof kept === 'object' && 'country' in kept ? (kept as Remembered) : null
  } catch {
    // Somebody else's or an older format: as if nothing were there.
    return null
  }
}

export const remember = (kept: Remembered): void => localStorage.setItem(storageKey, JSON.stringify(kept))
export const forgetRemembered = (): void => localStorage.removeItem(storageKey)
