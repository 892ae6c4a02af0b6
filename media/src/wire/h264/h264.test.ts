import { expect, test } from 'vitest'
import { randomBytesOf, seeded } from '../../testing/random.ts'
import { BitReader } from './bits.ts'
import { ParameterSets, readAvcRecord } from './config.ts'
import { fromAnnexB, fromAvcc, startsPicture, toAvcc } from './nal.ts'
import { parseSps } from './sps.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
/** x264, main profile, 320x180 (cropped from 320x192), with emulation prevention in its VUI. */
const SPS_180 = hex('67 4d 40 0d ec a0 a0 cf cf 80 88 00 00 03 00 08 00 00 03 01 94 78 a1 4c b0')
const PPS = hex('68 ce 3c 80')

test('the size of a picture is read with its cropping', () => {
  expect(parseSps(SPS_180)).toMatchObject({ id: 0, profile: 77, width: 320, height: 180, codecString: 'avc1.4d400d' })
})

test('what is no SPS is undefined, never an exception', () => {
  expect(parseSps(PPS)).toBeUndefined()
  expect(parseSps(hex('67'))).toBeUndefined()
  const random = seeded(3)
  for (let i = 0; i < 2000; i += 1) {
    const noise = randomBytesOf(random, Math.floor(random() * 60))
    noise[0] = 0x67
    parseSps(noise)
    readAvcRecord(Buffer.concat([hex('01'), noise]))
  }
})

test('Exp-Golomb codes are read as in table 9-2', () => {
  const bits = new BitReader(hex('a6 42 98'))
  expect([bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()]).toEqual([0, 1, 2, 3, 4])
})

test('AVCC and Annex B carry the same units', () => {
  const nals = [Buffer.from(SPS_180), Buffer.from(PPS), hex('65 88 01')]
  expect(fromAvcc(toAvcc(nals), 4)?.map((nal) => Buffer.from(nal))).toEqual(nals)
  const stream = Buffer.concat([hex('00000001'), SPS_180, hex('000001'), PPS, hex('00 00000001'), hex('65 88 01')])
  expect(fromAnnexB(stream).map((nal) => Buffer.from(nal))).toEqual(nals)
  expect(fromAvcc(hex('000000ff 65'), 4)).toBeUndefined()
})

test('a picture starts where first_mb_in_slice is zero', () => {
  expect(startsPicture(hex('65 88'))).toBe(true)
  expect(startsPicture(hex('65 48'))).toBe(false)
  expect(startsPicture(PPS)).toBe(false)
})

test('[ING13] parameter sets are reported when any byte changes, and only then', () => {
  const sets = new ParameterSets()
  sets.offer(SPS_180)
  expect(sets.take()).toBeUndefined()
  sets.offer(PPS)
  expect(sets.take()).toMatchObject({ width: 320, height: 180 })
  sets.offer(Buffer.from(SPS_180))
  sets.offer(Buffer.from(PPS))
  expect(sets.take()).toBeUndefined()
  const other = Buffer.from(PPS)
  other[3] = 0x90
  sets.offer(other)
  expect(Buffer.from(sets.take()?.pps[0] ?? [])).toEqual(other)
})
