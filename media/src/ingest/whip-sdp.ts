/** Reads and narrows a publisher's offer (RFC 8866, RFC 9725 section 4.2) before it reaches the WebRTC stack. Pure. */
import type { RefusalCode, RefusalDetail } from '../hook-events.ts'
import { TRANSPORT_WIDE_CC } from '../wire/rtp/twcc.ts'

export interface GoodOffer {
  readonly ok: true
  /** Only one H264 format (with its retransmission format) and Opus are left. */
  readonly sdp: string
  readonly hasAudio: boolean
  readonly profileLevelId: string
  /** Payload type of the picture. */
  readonly videoFormat: string
  /** The publisher wants to hear when each packet came. */
  readonly wantsFeedback: boolean
}

export interface BadOffer {
  readonly ok: false
  readonly status: 400 | 422
  readonly code: RefusalCode | 'malformed' | 'too_many_tracks'
  readonly message: string
  readonly detail: RefusalDetail
}

const MAX_SECTIONS = 8

export interface Section {
  readonly kind: string
  readonly lines: readonly string[]
}

export function readOffer(text: string): GoodOffer | BadOffer {
  const [head, ...sections] = split(text)
  if (head === undefined || !head.lines[0]?.startsWith('v=0') || sections.length === 0 || sections.length > MAX_SECTIONS) {
    return bad(400, 'malformed', 'this is no SDP offer')
  }
  if (!/^a=ice-ufrag:/m.test(text) || !/^a=fingerprint:/m.test(text))
    return bad(400, 'malformed', 'the offer has no ICE or DTLS parameters')
  const active = sections.filter(sends)
  const videos = active.filter((section) => section.kind === 'video')
  const audios = active.filter((section) => section.kind === 'audio')
  if (sections.some((section) => section.kind !== 'video' && section.kind !== 'audio')) {
    return bad(422, 'too_many_tracks', 'only audio and video can be published here')
  }
  if (videos.length > 1 || audios.length > 1)
    return bad(422, 'too_many_tracks', 'at most one video and one audio track can be published')
  const [video] = videos
  if (video === undefined) return bad(422, 'video_missing', 'the offer sends no video')

  const h264 = chooseH264(video)
  if (h264 === undefined) {
    const offered = names(video)
    return bad(422, 'codec_unsupported', `video must be H264 with packetization-mode=1; the offer has ${offered}`, {
      track: 'video',
      codec: offered,
    })
  }
  const [audio] = audios
  const opus = audio === undefined ? [] : opusOf(audio)
  if (audio !== undefined && opus.length === 0) {
    const offered = names(audio)
    return bad(422, 'codec_unsupported', `audio must be Opus; the offer has ${offered}`, { track: 'audio', codec: offered })
  }
  const narrowed = sections.map((section) => {
    if (section === video) return narrow(section, h264.formats)
    if (section === audio) return narrow(section, opus)
    return section.lines
  })
  const sdp = `${[head.lines, ...narrowed].flat().join('\r\n')}\r\n`
  const {
    profileLevelId,
    formats: [videoFormat = ''],
  } = h264
  const wantsFeedback =
    video.lines.includes(`a=rtcp-fb:${videoFormat} transport-cc`) &&
    video.lines.some((line) => line.endsWith(` ${TRANSPORT_WIDE_CC}`))
  return { ok: true, sdp, hasAudio: audio !== undefined, profileLevelId, videoFormat, wantsFeedback }
}

/** `b=AS` in the answer keeps a browser's encoder below our limit (RFC 8866 section 5.8). */
export function limitBandwidth(answer: string, kbps: number): string {
  return split(answer)
    .flatMap(({ kind, lines }) => (kind === 'video' ? insertAfter(lines, 'c=', `b=AS:${kbps}`) : lines))
    .join('\r\n')
    .concat('\r\n')
}

/** What Chromium begins with; it would take 300 kbit/s, and viewers would see it climb through three resolutions. */
const START_KBPS = 1_000

/** Says that we send what `wantsFeedback` asks for. */
export function promiseFeedback(answer: string, videoFormat: string): string {
  const promised = (lines: readonly string[]) =>
    insertAfter(lines, `a=rtpmap:${videoFormat} `, `a=rtcp-fb:${videoFormat} transport-cc`).map((line) =>
      line.startsWith(`a=fmtp:${videoFormat} `) ? `${line};x-google-start-bitrate=${START_KBPS}` : line,
    )
  return split(answer)
    .flatMap(({ kind, lines }) => (kind === 'video' ? promised(lines) : lines))
    .join('\r\n')
    .concat('\r\n')
}

/**
 * `ice-lite` belongs to the session (RFC 8839 section 5.3); beside a media line browsers overlook it, and then they nominate
 * pairs before those have worked.
 */
export function declareLite(answer: string): string {
  const [head, ...media] = split(answer)
  if (head === undefined) return answer
  const rest = media.flatMap(({ lines }) => lines.filter((line) => line !== 'a=ice-lite'))
  return `${[...head.lines.filter((line) => line !== 'a=ice-lite'), 'a=ice-lite', ...rest].join('\r\n')}\r\n`
}

export interface IceFragment {
  readonly ufrag: string
  readonly password: string
}

/** application/trickle-ice-sdpfrag, RFC 8840. */
export function readFragment(text: string): IceFragment | undefined {
  const ufrag = /^a=ice-ufrag:(\S{4,256})\s*$/m.exec(text)?.[1]
  const password = /^a=ice-pwd:(\S{22,256})\s*$/m.exec(text)?.[1]
  return ufrag === undefined || password === undefined ? undefined : { ufrag, password }
}

export function withIce(offer: string, { ufrag, password }: IceFragment): string {
  return offer
    .replaceAll(/^a=ice-ufrag:.*$/gm, `a=ice-ufrag:${ufrag}\r`)
    .replaceAll(/^a=ice-pwd:.*$/gm, `a=ice-pwd:${password}\r`)
    .replaceAll(/^a=candidate:.*\r?\n/gm, '')
    .replaceAll('\r\r', '\r')
}

/** What the client needs of a new answer after an ICE restart. */
export function fragmentOf(answer: string): string {
  const [, first] = split(answer)
  const wanted = /^(m=|a=mid:|a=ice-ufrag:|a=ice-pwd:|a=candidate:|a=end-of-candidates)/
  const lines = (first?.lines ?? []).filter((line) => wanted.test(line))
  return `${['a=ice-lite', ...lines].join('\r\n')}\r\n`
}

export function split(text: string): Section[] {
  const sections: { kind: string; lines: string[] }[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue
    if (sections.length === 0 || line.startsWith('m=')) sections.push({ kind: /^m=(\w+)/.exec(line)?.[1] ?? '', lines: [] })
    sections[sections.length - 1]?.lines.push(line)
  }
  return sections
}

function sends(section: Section): boolean {
  const rejected = /^m=\w+ 0 /.test(section.lines[0] ?? '')
  return !rejected && !section.lines.some((line) => line === 'a=recvonly' || line === 'a=inactive')
}

export interface Format {
  readonly id: string
  readonly codec: string
  readonly parameters: ReadonlyMap<string, string>
}

export function formats(section: Section): Format[] {
  const listed = (section.lines[0] ?? '').split(' ').slice(3)
  return listed.flatMap((id) => {
    const codec = section.lines.find((line) => line.startsWith(`a=rtpmap:${id} `))?.split(' ')[1]
    const fmtp = section.lines.find((line) => line.startsWith(`a=fmtp:${id} `))?.slice(`a=fmtp:${id} `.length) ?? ''
    const pairs = fmtp.split(';').map((pair) => pair.trim().split('=') as [string, string?])
    return codec === undefined
      ? []
      : [{ id, codec: codec.toLowerCase(), parameters: new Map(pairs.map(([key, value]) => [key.toLowerCase(), value ?? ''])) }]
  })
}

const SUPPORTING = new Set(['rtx', 'red', 'ulpfec', 'flexfec-03', 'telephone-event', 'cn'])

export function names(section: Section): string {
  const all = formats(section).map((format) => (format.codec.split('/')[0] ?? '').toUpperCase())
  const distinct = [...new Set(all)].filter((name) => !SUPPORTING.has(name.toLowerCase()) && /^[\w.-]{1,20}$/.test(name))
  return distinct.slice(0, 8).join(', ') || 'nothing known'
}

/** Constrained baseline first: what every encoder and decoder agrees on, without reordered frames. */
function profileRank(profileLevelId: string): number {
  const id = profileLevelId.toLowerCase()
  if (/^42[c-f]/.test(id)) return 0
  if (id.startsWith('42')) return 1
  return id.startsWith('4d') ? 2 : 3
}

function chooseH264(section: Section): { formats: string[]; profileLevelId: string } | undefined {
  const all = formats(section)
  const usable = all.filter((format) => format.codec === 'h264/90000' && format.parameters.get('packetization-mode') === '1')
  const profile = (format: Format) => format.parameters.get('profile-level-id') ?? '42e01f'
  const [best] = usable.sort((a, b) => profileRank(profile(a)) - profileRank(profile(b)))
  if (best === undefined) return undefined
  const rtx = all.filter((format) => format.codec === 'rtx/90000' && format.parameters.get('apt') === best.id)
  return { formats: [best.id, ...rtx.map((format) => format.id)], profileLevelId: profile(best) }
}

export function opusOf(section: Section): string[] {
  return formats(section)
    .filter((format) => format.codec === 'opus/48000/2')
    .map((format) => format.id)
    .slice(0, 1)
}

export function narrow(section: Section, keep: readonly string[]): string[] {
  const [media = '', ...rest] = section.lines
  const kept = rest.filter((line) => {
    // Simulcast layers would triple the upload for nothing.
    if (line.startsWith('a=simulcast:') || line.startsWith('a=rid:')) return false
    // werift's own bandwidth feedback is wrong (see whip-peer.ts): it must not find a reason to send it.
    if (/^a=rtcp-fb:\S+ (transport-cc|goog-remb)/.test(line)) return false
    const format = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line)?.[1]
    return format === undefined || keep.includes(format)
  })
  return [[...media.split(' ').slice(0, 3), ...keep].join(' '), ...kept]
}

function insertAfter(lines: readonly string[], start: string, added: string): string[] {
  const at = lines.findIndex((line) => line.startsWith(start))
  return [...lines.slice(0, at + 1), added, ...lines.slice(at + 1)]
}

export function bad(status: 400 | 422, code: BadOffer['code'], message: string, detail: RefusalDetail = {}): BadOffer {
  return { ok: false, status, code, message, detail }
}
