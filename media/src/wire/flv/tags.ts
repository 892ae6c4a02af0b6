/** Bodies of FLV audio and video tags (Adobe FLV 10.1, annex E.4), as RTMP carries them too. */

export type VideoTag =
  | { kind: 'config'; record: Uint8Array }
  | { kind: 'frame'; key: boolean; compositionMs: number; data: Uint8Array }
  | { kind: 'nothing' }
  | { kind: 'unsupported'; codec: string }

export type AudioTag =
  | { kind: 'config'; description: Uint8Array }
  | { kind: 'frame'; data: Uint8Array }
  | { kind: 'nothing' }
  | { kind: 'unsupported'; codec: string }

const AVC = 7
const AAC = 10
const VIDEO_NAMES = ['', 'jpeg', 'h263', 'screen', 'vp6', 'vp6a', 'screen2', 'h264', '', '', '', '', 'hevc']
const AUDIO_NAMES = [
  'pcm',
  'adpcm',
  'mp3',
  'pcm',
  'nellymoser',
  'nellymoser',
  'nellymoser',
  'g711a',
  'g711mu',
  '',
  'aac',
  'speex',
  '',
  '',
  'mp3',
  '',
]
const SEEK_COMMAND = 5

export function readVideoTag(body: Uint8Array): VideoTag {
  const first = body[0]
  if (first === undefined) return { kind: 'nothing' }
  // Enhanced RTMP: the top bit says that a FourCC follows instead of a codec id.
  if ((first & 0x80) !== 0) return { kind: 'unsupported', codec: fourCc(body) }
  const codec = first & 0x0f
  if (codec !== AVC) return { kind: 'unsupported', codec: VIDEO_NAMES[codec] || `video ${codec}` }
  const frameType = first >> 4
  if (frameType === SEEK_COMMAND || body.length < 5) return { kind: 'nothing' }
  const rest = body.subarray(5)
  if (body[1] === 0) return { kind: 'config', record: rest }
  if (body[1] !== 1 || rest.length === 0) return { kind: 'nothing' }
  const unsigned = ((body[2] ?? 0) << 16) | ((body[3] ?? 0) << 8) | (body[4] ?? 0)
  return { kind: 'frame', key: frameType === 1, compositionMs: (unsigned << 8) >> 8, data: rest }
}

export function readAudioTag(body: Uint8Array): AudioTag {
  const first = body[0]
  if (first === undefined || body.length < 2) return { kind: 'nothing' }
  const format = first >> 4
  if (format === 9) return { kind: 'unsupported', codec: fourCc(body) }
  if (format !== AAC) return { kind: 'unsupported', codec: AUDIO_NAMES[format] || `audio ${format}` }
  const rest = body.subarray(2)
  if (rest.length === 0) return { kind: 'nothing' }
  return body[1] === 0 ? { kind: 'config', description: rest } : { kind: 'frame', data: rest }
}

function fourCc(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(1, 5)).toString('latin1')
  return /^[\w-]{4}$/.test(text) ? text : 'unknown'
}
