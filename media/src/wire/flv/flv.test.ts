import { expect, test } from 'vitest'
import { randomBytesOf, seeded } from '../../testing/random.ts'
import { aacFrameSamples, readAudioSpecificConfig } from './aac.ts'
import { FlvError, readFlv } from './file.ts'
import { readAudioTag, readVideoTag } from './tags.ts'

test('composition times are signed', () => {
  expect(readVideoTag(Buffer.from([0x27, 1, 0xff, 0xff, 0xd8, 9]))).toMatchObject({
    kind: 'frame',
    key: false,
    compositionMs: -40,
  })
  expect(readVideoTag(Buffer.from([0x17, 1, 0, 0, 80, 9]))).toMatchObject({ kind: 'frame', key: true, compositionMs: 80 })
})

test('[ING2] other codecs are named, the new FourCC ones too', () => {
  expect(readVideoTag(Buffer.concat([Buffer.from([0x90]), Buffer.from('hvc1')]))).toEqual({ kind: 'unsupported', codec: 'hvc1' })
  expect(readVideoTag(Buffer.concat([Buffer.from([0x91]), Buffer.from('av01')]))).toEqual({ kind: 'unsupported', codec: 'av01' })
  expect(readVideoTag(Buffer.from([0x12, 0, 0, 0, 0]))).toEqual({ kind: 'unsupported', codec: 'h263' })
  expect(readVideoTag(Buffer.from([0x1c, 0, 0, 0, 0]))).toEqual({ kind: 'unsupported', codec: 'hevc' })
  expect(readAudioTag(Buffer.from([0x2f, 0]))).toEqual({ kind: 'unsupported', codec: 'mp3' })
  expect(readAudioTag(Buffer.concat([Buffer.from([0x90]), Buffer.from('Opus')]))).toEqual({ kind: 'unsupported', codec: 'Opus' })
})

test('AudioSpecificConfig: AAC-LC, and HE-AAC with its doubled rate', () => {
  const low = readAudioSpecificConfig(Buffer.from([0x11, 0x90]))
  expect(low).toMatchObject({ sampleRate: 48_000, channels: 2, codecString: 'mp4a.40.2' })
  const high = readAudioSpecificConfig(Buffer.from([0x2b, 0x92, 0x08, 0x00]))
  expect(high).toMatchObject({ sampleRate: 44_100, channels: 2, codecString: 'mp4a.40.5' })
  expect(low && aacFrameSamples(low)).toBe(1024)
  expect(high && aacFrameSamples(high)).toBe(2048)
  expect(readAudioSpecificConfig(Buffer.from([0x0f, 0x90]))).toBeUndefined()
})

test('[ING11] noise in tags and files never throws anything but FlvError', () => {
  const random = seeded(9)
  for (let i = 0; i < 1000; i += 1) {
    const noise = randomBytesOf(random, Math.floor(random() * 40))
    readVideoTag(noise)
    readAudioTag(noise)
    readAudioSpecificConfig(noise)
    readFlv(Buffer.concat([Buffer.from('FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00', 'latin1'), noise]))
  }
  expect(() => readFlv(Buffer.from('no'))).toThrow(FlvError)
})
