import { FlvError, readFlv } from '../wire/flv/file.ts'
import { readAudioTag, readVideoTag } from '../wire/flv/tags.ts'

export interface ClipFrame {
  readonly kind: 'audio' | 'video'
  /** From the first frame of the clip. */
  readonly atMs: number
  readonly body: Uint8Array
}

export interface Clip {
  /** Sent once per connection. */
  readonly headers: readonly { kind: 'audio' | 'video'; body: Uint8Array }[]
  readonly frames: readonly ClipFrame[]
  /** What one round takes: the next one begins where the frames' spacing puts it. */
  readonly durationMs: number
}

/** FLV is the container of the clip: its tags go over RTMP as they are, so publishing costs next to nothing. */
export function readClip(file: Buffer): Clip {
  const headers: { kind: 'audio' | 'video'; body: Uint8Array }[] = []
  const raw: ClipFrame[] = []
  for (const { kind, timestampMs, body } of readFlv(file)) {
    if (kind === 'script') continue
    const tag = kind === 'video' ? readVideoTag(body) : readAudioTag(body)
    if (tag.kind === 'unsupported') throw new FlvError(`the clip must be H264 and AAC, not ${tag.codec}`)
    if (tag.kind === 'config') headers.push({ kind, body })
    else if (tag.kind === 'frame') raw.push({ kind, atMs: timestampMs, body })
  }
  const first = raw.find(({ kind, body }) => kind === 'video' && (body[0] ?? 0) >> 4 === 1)
  if (first === undefined || headers.length === 0) throw new FlvError('the clip has no keyframe')
  const frames = raw
    .filter((frame) => frame.atMs >= first.atMs)
    .map((frame) => ({ ...frame, atMs: frame.atMs - first.atMs }))
    .sort((a, b) => a.atMs - b.atMs)
  const durationMs = Math.max(1000, endOf(frames, 'video'))
  return { headers, frames: fitSound(frames, durationMs), durationMs }
}

/** The picture sets the length of a round; sound that would reach into the next round's sound is left out. */
function fitSound(frames: readonly ClipFrame[], durationMs: number): ClipFrame[] {
  const first = frames.find((frame) => frame.kind === 'audio')
  const lastStartMs = durationMs + (first?.atMs ?? 0) - stepOf(frames, 'audio')
  return frames.filter((frame) => frame.kind === 'video' || frame.atMs <= lastStartMs + 1)
}

function stepOf(frames: readonly ClipFrame[], kind: ClipFrame['kind']): number {
  const times = frames.filter((frame) => frame.kind === kind).map((frame) => frame.atMs)
  const [first = 0] = times
  return times.length < 2 ? 0 : Math.round(((times[times.length - 1] ?? first) - first) / (times.length - 1))
}

function endOf(frames: readonly ClipFrame[], kind: ClipFrame['kind']): number {
  const times = frames.filter((frame) => frame.kind === kind).map((frame) => frame.atMs)
  return (times[times.length - 1] ?? 0) + stepOf(frames, kind)
}
