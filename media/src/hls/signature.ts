import { createHmac, timingSafeEqual } from 'node:crypto'

/** Signed playback of private shows: `?t=<exp, epoch seconds>.<base64url HMAC-SHA-256 of "streamId.exp">`. */
export function signPlayback(key: string, streamId: string, expiresAtS: number): string {
  return `${expiresAtS}.${mac(key, streamId, String(expiresAtS)).toString('base64url')}`
}

export function playbackAllowed(key: string, streamId: string, token: string | null, nowMs: number): boolean {
  const [, expires, signature] = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/.exec(token ?? '') ?? []
  if (expires === undefined || signature === undefined || Number(expires) * 1000 <= nowMs) return false
  return timingSafeEqual(mac(key, streamId, expires), Buffer.from(signature, 'base64url'))
}

function mac(key: string, streamId: string, expires: string): Buffer {
  return createHmac('sha256', key).update(`${streamId}.${expires}`).digest()
}
