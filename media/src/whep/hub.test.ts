import { expect, test } from 'vitest'
import type { MediaSample } from '../sample.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { AAC, OPUS, SMALL } from '../testing/synthetic.ts'
import { H264Depacketiser } from '../wire/rtp/h264.ts'
import { h264Payloads } from '../wire/rtp/h264-out.ts'
import type { OutPacket } from './hub.ts'
import { Hub } from './hub.ts'

const EPOCH = 1_700_000_000_000

function hubWorld() {
  const clock = fakeClock()
  let asked = 0
  const hub = new Hub({
    clock,
    programAt: (us) => EPOCH + us / 1000,
    requestKeyframe: () => {
      asked += 1
    },
  })
  hub.configure(SMALL)
  hub.configure(OPUS)
  return { clock, hub, asked: () => asked }
}

function viewer() {
  const got: OutPacket[] = []
  const why: string[] = []
  return { got, why, send: (packet: OutPacket) => void got.push(packet), closed: (reason: string) => void why.push(reason) }
}

/** One NAL unit in a length-prefixed sample. */
function picture(timeMs: number, key: boolean, bytes = 300): MediaSample {
  const data = Buffer.alloc(4 + bytes, 7)
  data.writeUInt32BE(bytes)
  data[4] = key ? 0x65 : 0x41
  data[5] = 0x88
  return { track: 'video', dtsUs: timeMs * 1000, ptsUs: timeMs * 1000, key, data }
}
const sound = (timeMs: number): MediaSample => ({
  track: 'audio',
  dtsUs: timeMs * 1000,
  ptsUs: timeMs * 1000,
  key: true,
  data: Buffer.of(0xf8, 1, 2),
})

test('[WHEP1] whoever joins gets nothing before a keyframe, and one is asked for until it comes', () => {
  const { clock, hub, asked } = hubWorld()
  const [one, two] = [viewer(), viewer()]
  hub.join(one)
  hub.join(two)
  expect(asked()).toBe(1)
  clock.advance(1_600)
  expect(asked()).toBe(4)
  hub.sample(picture(0, false))
  hub.sample(sound(5))
  expect(one.got).toEqual([])
  hub.sample(picture(33, true))
  hub.sample(sound(40))
  clock.advance(2_000)
  expect(asked()).toBe(4)
  expect(one.got.map(({ track, entry }) => [track, entry])).toEqual([
    ['video', true],
    ['video', false],
    ['audio', false],
  ])
  expect(two.got).toEqual(one.got)
})

test('[WHEP2] stamps are program date-time, modulo 2^32, for picture and sound alike', () => {
  const { hub } = hubWorld()
  const one = viewer()
  hub.join(one)
  hub.sample(picture(1000, true))
  hub.sample(sound(1000))
  const [first, , audio] = one.got
  expect(first?.timestamp).toBe(((EPOCH + 1000) * 90) % 2 ** 32)
  expect(audio?.timestamp).toBe(((EPOCH + 1000) * 48) % 2 ** 32)
  expect(hub.points.video?.programAt).toBe(EPOCH + 1000)
  expect(one.got.filter(({ marker }) => marker)).toHaveLength(1)
})

test('[WHEP6] a large keyframe leaves in bursts, every packet can be asked for again, an old one not', () => {
  const { clock, hub } = hubWorld()
  const one = viewer()
  hub.join(one)
  hub.sample(picture(0, true, 60_000))
  expect(one.got).toHaveLength(16)
  clock.advance(4)
  expect(one.got).toHaveLength(32)
  clock.advance(20)
  const all = one.got.length
  expect(all).toBeGreaterThan(50)
  expect(hub.lost(one.got[3]?.sequence ?? -1)).toBe(one.got[3])
  for (let i = 1; i < 600; i += 1) hub.sample(picture(i * 33, false))
  expect(hub.lost(one.got[3]?.sequence ?? -1)).toBeUndefined()
  expect(new Set(one.got.map(({ sequence }) => sequence)).size).toBe(one.got.length)
})

test('[WHEP6] what a stalled process cannot send is thrown away, and viewers begin again at a keyframe', () => {
  const { clock, hub } = hubWorld()
  const one = viewer()
  hub.join(one)
  hub.sample(picture(0, true))
  for (let i = 1; i < 200; i += 1) hub.sample(picture(i * 33, false, 20_000))
  clock.advance(5_000)
  expect(one.got.length).toBeLessThan(1_400)
  const before = one.got.length
  hub.sample(picture(9_000, true))
  expect(one.got[before]?.entry).toBe(true)
})

test('[WHEP4] reordered frames, AAC and a show without a picture are no matter for WHEP', () => {
  const { hub } = hubWorld()
  expect(hub.unfit(true)).toBeNull()
  hub.configure(AAC)
  expect([hub.unfit(true), hub.unfit(false)]).toEqual(['audio_unsupported', null])
  const one = viewer()
  hub.join(one)
  for (let i = 0; i < 4; i += 1) hub.sample({ ...picture(i * 33, i === 0), ptsUs: i * 33_000 + 66_000 })
  expect(one.why).toEqual(['reordered_frames'])
  expect(hub.unfit(false)).toBe('reordered_frames')
  expect(new Hub({ clock: fakeClock(), programAt: () => 0, requestKeyframe: () => undefined }).unfit(false)).toBe('no_picture')
})

test('[WHEP7] a break begins again with a keyframe, the end closes everybody', () => {
  const { hub } = hubWorld()
  const one = viewer()
  hub.join(one)
  hub.sample(picture(0, true))
  hub.discontinuity()
  const before = one.got.length
  hub.sample(picture(5_000, false))
  expect(one.got).toHaveLength(before)
  hub.configure(OPUS)
  hub.sample(picture(5_033, true))
  expect(one.got.length).toBeGreaterThan(before)
  hub.end()
  expect(one.why).toEqual(['ended'])
})

test('what is cut into packets comes together again byte for byte', () => {
  const units: { key: boolean; data: Uint8Array }[] = []
  const depacketiser = new H264Depacketiser({ unit: (unit) => units.push(unit), needKeyframe: () => undefined })
  const samples = [picture(0, true, 50_000), picture(33, false, 1_180), picture(66, false, 1_181), picture(99, false, 2)]
  for (const [i, { data, key }] of samples.entries()) {
    const payloads = h264Payloads(data, key ? [...SMALL.sps, ...SMALL.pps] : [])
    payloads.forEach((payload, at) => {
      expect(payload.length).toBeLessThanOrEqual(1_180)
      depacketiser.push({ timestamp: i * 3000, marker: at === payloads.length - 1, payload, afterLoss: false })
    })
  }
  expect(units.map(({ data }) => Buffer.from(data).toString('hex'))).toEqual(
    samples.map(({ data }) => Buffer.from(data).toString('hex')),
  )
})
