/** Reads and narrows a viewer's offer (draft-ietf-wish-whep section 4.2). Pure. */
import { type BadOffer, bad, type Format, formats, names, narrow, opusOf, type Section, split } from '../ingest/whip-sdp.ts'

export interface ViewerOffer {
  readonly ok: true
  /** One H264 format and Opus are left. */
  readonly sdp: string
  readonly withAudio: boolean
  readonly profileLevelId: string
}

const MAX_SECTIONS = 4

export function readViewerOffer(text: string, profile: string): ViewerOffer | BadOffer {
  const [head, ...sections] = split(text)
  if (head === undefined || !head.lines[0]?.startsWith('v=0') || sections.length === 0 || sections.length > MAX_SECTIONS)
    return bad(400, 'malformed', 'this is no SDP offer')
  if (!/^a=ice-ufrag:/m.test(text) || !/^a=fingerprint:/m.test(text))
    return bad(400, 'malformed', 'the offer has no ICE or DTLS parameters')
  const wanted = sections.filter(receives)
  const [video, ...moreVideo] = wanted.filter(({ kind }) => kind === 'video')
  const [audio, ...moreAudio] = wanted.filter(({ kind }) => kind === 'audio')
  if (moreVideo.length + moreAudio.length > 0 || wanted.length !== sections.length)
    return bad(422, 'too_many_tracks', 'one picture and one sound can be received here, and nothing be sent')
  if (video === undefined) return bad(422, 'video_missing', 'the offer receives no video')
  const format = chooseFormat(video, profile)
  if (format === undefined)
    return bad(422, 'codec_unsupported', `video is H264; the offer receives ${names(video)}`, {
      track: 'video',
      codec: names(video),
    })
  const opus = audio === undefined ? [] : opusOf(audio)
  if (audio !== undefined && opus.length === 0)
    return bad(422, 'codec_unsupported', `audio is Opus; the offer receives ${names(audio)}`, {
      track: 'audio',
      codec: names(audio),
    })
  const lines = sections.flatMap((section) => narrow(section, section === video ? [format.id] : opus))
  const profileLevelId = format.parameters.get('profile-level-id') ?? '42e01f'
  return { ok: true, sdp: `${[...head.lines, ...lines].join('\r\n')}\r\n`, withAudio: audio !== undefined, profileLevelId }
}

function receives(section: Section): boolean {
  const rejected = /^m=\w+ 0 /.test(section.lines[0] ?? '')
  return !rejected && !section.lines.some((line) => line === 'a=sendonly' || line === 'a=inactive')
}

/** The stream's own profile first; decoders play the lower ones they name no less. */
function chooseFormat(section: Section, profile: string): Format | undefined {
  const usable = formats(section).filter(
    (format) => format.codec === 'h264/90000' && format.parameters.get('packetization-mode') === '1',
  )
  const idc = (format: Format) => (format.parameters.get('profile-level-id') ?? '42e01f').slice(0, 2).toLowerCase()
  return usable.find((format) => idc(format) === profile.slice(0, 2).toLowerCase()) ?? usable[0]
}
