import { createHash } from 'node:crypto'

/** `efir_` + the id without its prefix + `_` + 32 random bytes: scanners of leaked secrets know it by its shape. */
const shape = /^efir_([0-9a-hjkmnp-tv-z]{26})_([A-Za-z0-9_-]{43})$/

export const keyText = (id: string, secret: string): string => `efir_${id.slice(id.indexOf('_') + 1)}_${secret}`
export const keyStart = (id: string): string => `efir_${id.slice(id.indexOf('_') + 1)}`

/** Null when it has not the shape of a key. */
export function readKey(text: string): { readonly id: string; readonly hash: Buffer } | null {
  const found = shape.exec(text)
  return found ? { id: `apk_${found[1]}`, hash: hashOf(found[2] as string) } : null
}
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** The last use is written down once a minute, not at every call. */
export const noteEveryMs = 60_000
export const callsKeptMs = 30 * 86_400_000
/** Of each key and process. */
export const keyPace = { calls: 600, windowMs: 60_000 } as const

/** Behind a proxy the Host header may be another one than what browsers see. */
export const isOwnPage = (origin: string, host: string | undefined, ownOrigin: string | undefined): boolean =>
  origin === ownOrigin || (host !== undefined && (origin === `https://${host}` || origin === `http://${host}`))
