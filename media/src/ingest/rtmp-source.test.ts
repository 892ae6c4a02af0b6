import { expect, test } from 'vitest'
import type { MediaSample, TrackConfig } from '../sample.ts'
import { randomBytesOf, seeded } from '../testing/random.ts'
import { RtmpSource } from './rtmp-source.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const SPS = hex('67 4d 40 0d ec a0 a0 cf cf 80 88 00 00 03 00 08 00 00 03 01 94 78 a1 4c b0')
const PPS = hex('68 ce 3c 80')
const record = (sps: Buffer) =>
  Buffer.concat([hex('17 00 00 00 00 01 4d 40 0d ff e1 00'), Buffer.of(sps.length), sps, hex('01 00 04'), PPS])
const withLength = (nal: Buffer) => Buffer.concat([Buffer.of(0, 0, 0, nal.length), nal])
const IDR = hex('65 88 84 00')

function world() {
  const samples: MediaSample[] = []
  const configs: TrackConfig[] = []
  const refusals: unknown[] = []
  const source = new RtmpSource({
    configure: (config) => configs.push(config),
    sample: (sample) => samples.push(sample),
    expectAudio: () => undefined,
    refuse: (code, detail) => refusals.push({ code, ...detail }),
  })
  return { source, samples, configs, refusals }
}

test('[ING5] stamps of 31 and of 32 bits run on over their end', () => {
  for (const size of [2 ** 31, 2 ** 32]) {
    const { source, samples } = world()
    source.media('video', 0, record(SPS))
    for (const ms of [size - 40, size - 20, 0, 20].map((at) => at % size))
      source.media('video', ms, Buffer.concat([hex('17 01 00 00 00'), withLength(IDR)]))
    expect(samples.slice(1).map((sample, i) => sample.dtsUs - (samples[i]?.dtsUs ?? 0))).toEqual([20_000, 20_000, 20_000])
  }
})

test('parameter sets and delimiters do not stay in the samples, and a change in band is seen', () => {
  const { source, samples, configs } = world()
  source.media('video', 0, record(SPS))
  source.media('video', 0, record(SPS))
  const other = Buffer.from(SPS)
  other[3] = 0x0e
  const frame = Buffer.concat([hex('17 01 00 00 00'), ...[hex('09 f0'), other, PPS, IDR].map(withLength)])
  source.media('video', 40, frame)
  expect(Buffer.from(samples[0]?.data ?? [])).toEqual(withLength(IDR))
  expect(configs.map((config) => config.codecString)).toEqual(['avc1.4d400d', 'avc1.4d400e'])
})

test('[ING2] HEVC and AV1 by enhanced RTMP are refused by name', () => {
  const { source, refusals } = world()
  source.media('video', 0, Buffer.concat([Buffer.of(0x90), Buffer.from('hvc1'), Buffer.alloc(20)]))
  expect(refusals).toEqual([{ code: 'codec_unsupported', track: 'video', codec: 'hvc1' }])
})

test('[ING11] noise never throws', () => {
  const random = seeded(11)
  const { source } = world()
  source.media('video', 0, record(SPS))
  source.media('audio', 0, hex('af 00 11 90'))
  for (let i = 0; i < 3000; i += 1) {
    const noise = randomBytesOf(random, Math.floor(random() * 50))
    if (noise.length > 1 && i % 2 === 0) noise.set([i % 4 === 0 ? 0x17 : 0xaf, 1])
    source.media(i % 4 === 0 ? 'video' : 'audio', Math.floor(random() * 2 ** 32), noise)
  }
})
