import { expect, test } from 'vitest'
import { randomBytesOf, seeded } from '../testing/random.ts'
import { declareLite, fragmentOf, limitBandwidth, promiseFeedback, readFragment, readOffer, withIce } from './whip-sdp.ts'

const HEAD = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1']
const TRANSPORT = [
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  `a=ice-pwd:${'p'.repeat(24)}`,
  'a=fingerprint:sha-256 AA',
  'a=setup:actpass',
]
const AUDIO = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9',
  ...TRANSPORT,
  'a=mid:0',
  'a=sendonly',
  'a=rtpmap:111 opus/48000/2',
  'a=fmtp:111 minptime=10',
  'a=rtpmap:63 red/48000/2',
  'a=rtpmap:9 G722/8000',
]
const VIDEO = [
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 108 109',
  ...TRANSPORT,
  'a=mid:1',
  'a=sendonly',
  'a=rtpmap:96 VP8/90000',
  'a=rtcp-fb:96 nack',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:102 H264/90000',
  'a=fmtp:102 packetization-mode=1;profile-level-id=64001f',
  'a=rtpmap:103 rtx/90000',
  'a=fmtp:103 apt=102',
  'a=rtpmap:104 H264/90000',
  'a=fmtp:104 packetization-mode=0;profile-level-id=42e01f',
  'a=rtpmap:108 H264/90000',
  'a=fmtp:108 level-asymmetry-allowed=1; packetization-mode=1; profile-level-id=42E01F',
  'a=rtcp-fb:108 nack pli',
  'a=rtpmap:109 rtx/90000',
  'a=fmtp:109 apt=108',
  'a=rid:hi send',
  'a=simulcast:send hi',
]
const sdp = (...parts: string[][]) => `${parts.flat().join('\r\n')}\r\n`

test('[ING14] only constrained baseline in mode 1, its retransmissions and Opus are left of an offer', () => {
  const offer = readOffer(sdp(HEAD, AUDIO, VIDEO))
  if (!offer.ok) throw new Error(offer.message)
  expect(offer.hasAudio).toBe(true)
  expect(offer.profileLevelId).toBe('42E01F')
  expect(offer.sdp).toContain('m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n')
  expect(offer.sdp).toContain('m=video 9 UDP/TLS/RTP/SAVPF 108 109\r\n')
  for (const gone of ['VP8', 'red/', 'G722', ':102 ', ':104 ', 'simulcast', 'a=rid']) expect(offer.sdp).not.toContain(gone)
})

test('[ING14] an encoder that knows no baseline is taken with what it has', () => {
  const high = VIDEO.filter((line) => !/:10[4-9] /.test(line)).map((line) => line.replace(/^(m=video.*) 102.*$/, '$1 102 103'))
  const offer = readOffer(sdp(HEAD, AUDIO, high))
  expect(offer.ok && offer.profileLevelId).toBe('64001f')
})

test('[ING2] an offer without H264 or without Opus is refused with what it had', () => {
  const vp8 = VIDEO.filter((line) => !/:(102|103|104|108|109) /.test(line)).map((line) =>
    line.replace(/^(m=video .*SAVPF).*$/, '$1 96 97'),
  )
  expect(readOffer(sdp(HEAD, AUDIO, vp8))).toMatchObject({
    ok: false,
    status: 422,
    code: 'codec_unsupported',
    detail: { track: 'video', codec: 'VP8' },
  })
  const g722 = AUDIO.map((line) => line.replace('111 63 9', '9'))
  expect(readOffer(sdp(HEAD, g722, VIDEO))).toMatchObject({
    ok: false,
    status: 422,
    code: 'codec_unsupported',
    detail: { track: 'audio', codec: 'G722' },
  })
})

test('offers without video, with too much, or that are none are told apart', () => {
  expect(readOffer(sdp(HEAD, AUDIO))).toMatchObject({ status: 422, code: 'video_missing' })
  expect(readOffer(sdp(HEAD, AUDIO, VIDEO, VIDEO))).toMatchObject({ status: 422, code: 'too_many_tracks' })
  expect(readOffer(sdp(HEAD, VIDEO, ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel']))).toMatchObject({
    status: 422,
    code: 'too_many_tracks',
  })
  expect(readOffer('hello')).toMatchObject({ status: 400, code: 'malformed' })
  expect(readOffer(sdp(HEAD, ['m=video 9 UDP/TLS/RTP/SAVPF 96']))).toMatchObject({ status: 400, code: 'malformed' })
  expect(readOffer(sdp(HEAD, VIDEO))).toMatchObject({ ok: true, hasAudio: false })
})

test('the answer limits the bandwidth of the picture', () => {
  const lines = limitBandwidth(sdp(HEAD, AUDIO, VIDEO), 4000).split('\r\n')
  expect(lines.filter((line) => line.startsWith('b='))).toEqual(['b=AS:4000'])
  expect(lines.indexOf('b=AS:4000')).toBeGreaterThan(lines.findIndex((line) => line.startsWith('m=video')))
})

test('[ING14] ICE lite is declared once, for the whole session', () => {
  const answer = declareLite(sdp(HEAD, [...AUDIO, 'a=ice-lite'], [...VIDEO, 'a=ice-lite']))
  const [head, ...media] = answer.split('m=')
  expect(head).toContain('a=ice-lite\r\n')
  expect(media.join('')).not.toContain('a=ice-lite')
})

test('[ING24] feedback is promised to those who ask for it, and kept from the library', () => {
  const asking = [
    ...VIDEO,
    'a=rtcp-fb:108 transport-cc',
    'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  ]
  const offer = readOffer(sdp(HEAD, AUDIO, asking))
  expect(offer).toMatchObject({ ok: true, wantsFeedback: true, videoFormat: '108' })
  expect(offer.ok && offer.sdp).not.toContain('transport-cc\r\n')
  expect(readOffer(sdp(HEAD, AUDIO, VIDEO))).toMatchObject({ ok: true, wantsFeedback: false })
  const answer = promiseFeedback(sdp(HEAD, AUDIO, VIDEO), '108')
  expect(answer).toContain('a=rtcp-fb:108 transport-cc\r\n')
  expect(answer).toMatch(/a=fmtp:108 .*;x-google-start-bitrate=1000\r\n/)
})

test('ICE credentials are exchanged by fragments', () => {
  const fragment = readFragment(`a=ice-ufrag:wxyz\r\na=ice-pwd:${'q'.repeat(24)}\r\nm=audio 9 RTP/AVP 0\r\n`)
  expect(fragment).toEqual({ ufrag: 'wxyz', password: 'q'.repeat(24) })
  if (fragment === undefined) return
  const offer = withIce(sdp(HEAD, AUDIO, VIDEO), fragment)
  expect(offer.match(/a=ice-ufrag:wxyz\r\n/g)).toHaveLength(2)
  expect(offer).not.toContain('abcd')
  expect(fragmentOf(offer)).toContain('a=ice-ufrag:wxyz')
  expect(readFragment('a=ice-ufrag:x\r\n')).toBeUndefined()
})

test('[ING11] noise is refused, not thrown', () => {
  const random = seeded(4)
  const good = sdp(HEAD, AUDIO, VIDEO)
  for (let i = 0; i < 500; i += 1) {
    readOffer(randomBytesOf(random, 200).toString('latin1'))
    const at = Math.floor(random() * good.length)
    readOffer(good.slice(0, at) + randomBytesOf(random, 3).toString('latin1') + good.slice(at + 2))
  }
})
