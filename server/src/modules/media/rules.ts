import { createHmac } from 'node:crypto'

export const publishTokenMs = 12 * 3_600_000
export const maxRecordingBytes = 40 * 1024 ** 3

/** Playback of private shows: expiry in epoch seconds and its signature; media checks the same. */
export function signPlayback(key: string, streamId: string, expiresAt: number): string {
  const seconds = Math.floor(expiresAt / 1000)
  return `${seconds}.${createHmac('sha256', key).update(`${streamId}.${seconds}`).digest('base64url')}`
}

export const recordingPrefix = (streamId: string, sessionId: string): string => `recordings/${streamId}/${sessionId}`
