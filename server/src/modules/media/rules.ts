import { createHmac } from 'node:crypto'

export const publishTokenMs = 12 * 3_600_000
export const maxRecordingBytes = 40 * 1024 ** 3

/** Playback of private shows: expiry in epoch seconds and its signature; media checks the same. */
export function signPlayback(key: string, streamId: string, expiresAt: number): string {
  const seconds = Math.floor(expiresAt / 1000)
  return `${seconds}.${createHmac('sha256', key).update(`${streamId}.${seconds}`).digest('base64url')}`
}

export const recordingPrefix = (streamId: string, sessionId: string): string => `recordings/${streamId}/${sessionId}`

/** Playlists of finished recordings as one, with a discontinuity between them (draft-pantos-hls-rfc8216bis section 4.4.4.3). */
export function joinPlaylists(parts: readonly { folder: string; text: string }[]): string | null {
  if (parts.length === 0) return null
  const targets = parts.map(({ text }) => Number(/^#EXT-X-TARGETDURATION:(\d+)/m.exec(text)?.[1] ?? 1))
  const independent = parts.every(({ text }) => text.includes('#EXT-X-INDEPENDENT-SEGMENTS'))
  const body = parts.map(({ folder, text }) =>
    text
      .split('\n')
      .filter(
        (line) =>
          line !== '' &&
          !/^#(EXTM3U|EXT-X-(VERSION|TARGETDURATION|PLAYLIST-TYPE|MEDIA-SEQUENCE|INDEPENDENT-SEGMENTS|ENDLIST))/.test(line),
      )
      .map((line) => (line.startsWith('#') ? line.replace(/URI="/, `URI="${folder}`) : folder + line))
      .join('\n'),
  )
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:8',
    `#EXT-X-TARGETDURATION:${Math.max(...targets)}`,
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-MEDIA-SEQUENCE:0',
    ...(independent ? ['#EXT-X-INDEPENDENT-SEGMENTS'] : []),
    body.join('\n#EXT-X-DISCONTINUITY\n'),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n')
}
