import { expect, test } from 'vitest'
import { RtmpSource } from '../ingest/rtmp-source.ts'
import { WhipSource } from '../ingest/whip-source.ts'
import type { MediaSample } from '../sample.ts'
import { liveWorld, written } from '../testing/live-world.ts'
import { OPUS, SMALL } from '../testing/synthetic.ts'

const FPS = 10
const HOURS = 2
/** Opus and pictures, sparse, so that two hours pass in a moment. */
const PICTURES = HOURS * 3600 * FPS

test('[HLS9] [HLS5] two hours with a sender whose two crystals differ: no drift, one timeline, sound beside picture', async () => {
  const world = await liveWorld({ origin: { windowMs: 30_000 } })
  const sink = world.stream.attach()
  sink.configure(SMALL)
  sink.configure(OPUS)
  const stepUs = 1_000_000 / FPS
  let soundUs = 0
  let widestMs = 0
  world.show.listen({
    segment(segment) {
      const samples = written(segment)
      const [picture, sound] = ['video', 'audio'].map((track) => samples.find((one) => one.track === track)?.ptsUs ?? 0)
      widestMs = Math.max(widestMs, Math.abs((picture ?? 0) - (sound ?? 0)) / 1000)
      world.segments.length = 0
    },
  })
  for (let i = 0; i < PICTURES; i += 1) {
    const atUs = i * stepUs
    world.clock.advance(stepUs / 1000)
    sink.sample({
      track: 'video',
      dtsUs: atUs,
      ptsUs: atUs,
      key: i % (2 * FPS) === 0,
      data: Buffer.from([0, 0, 0, 2, 0x65, 0x88]),
    })
    // Stamps say the truth; there is 0.01 % more sound than that.
    for (; soundUs < atUs; soundUs += 20_000 * 0.9999)
      sink.sample({
        track: 'audio',
        dtsUs: Math.round(soundUs),
        ptsUs: Math.round(soundUs),
        key: true,
        data: Buffer.of(0xf8, 1, 2),
      })
  }
  const list = await world.text('live.m3u8')
  const dates = [...list.matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map(([, date = '']) => Date.parse(date))
  expect(Math.abs((dates.at(-1) ?? 0) - world.clock.now())).toBeLessThan(4_000)
  expect(widestMs).toBeLessThan(60)
  expect(list).not.toContain('DISCONTINUITY\n')
  await world.close()
})

test('[ING5] RTP and RTMP time run on over the end of their fields for two hours', () => {
  const seen: MediaSample[] = []
  const whip = new WhipSource(
    {
      configure: () => undefined,
      sample: (sample) => seen.push(sample),
      refuse: () => undefined,
      requestKeyframe: () => undefined,
    },
    true,
  )
  // 48 kHz wraps after a day; a start near the end wraps within the show, as one of 90 kHz does every 13 hours.
  const start = 2 ** 32 - 48_000 * 60
  const packets = HOURS * 3600 * 5
  for (let i = 0; i < packets; i += 1) {
    const timestamp = (start + i * 9_600) % 2 ** 32
    whip.audio({ sequence: i & 0xffff, timestamp, marker: false, payload: Buffer.of(0xf8, 1, 2) }, i * 200)
  }
  expect(seen.length).toBe(packets)
  const spanUs = (seen.at(-1)?.ptsUs ?? 0) - (seen[0]?.ptsUs ?? 0)
  expect(Math.abs(spanUs - (packets - 1) * 200_000)).toBeLessThan(2_000)
  const heard: number[] = []
  const rtmp = new RtmpSource({
    configure: () => undefined,
    sample: ({ dtsUs }) => heard.push(dtsUs),
    expectAudio: () => undefined,
    refuse: () => undefined,
  })
  rtmp.media('audio', 0, Buffer.of(0xaf, 0, 0x11, 0x90))
  const from = 2 ** 31 - 3_600_000
  for (let i = 0; i < HOURS * 3600; i += 1) rtmp.media('audio', (from + i * 1000) % 2 ** 31, Buffer.of(0xaf, 1, 1, 2, 3))
  expect((heard.at(-1) ?? 0) - (heard[0] ?? 0)).toBe((HOURS * 3600 - 1) * 1_000_000)
})
