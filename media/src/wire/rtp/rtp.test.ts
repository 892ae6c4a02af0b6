import { expect, test } from 'vitest'
import { randomBytesOf, seeded } from '../../testing/random.ts'
import { fromAvcc } from '../h264/nal.ts'
import { Unwrapper } from '../unwrap.ts'
import type { AccessUnit } from './h264.ts'
import { H264Depacketiser } from './h264.ts'
import { opusSamples } from './opus.ts'
import type { OrderedPacket } from './packet.ts'
import { ReorderBuffer } from './reorder.ts'
import { ntpToUs, TrackLine } from './sync.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const SPS = hex('67 4d 40 0d ec a0 a0 cf cf 80 88 00 00 03 00 08 00 00 03 01 94 78 a1 4c b0')
const PPS = hex('68 ce 3c 80')
const IDR = Buffer.concat([hex('65 88'), Buffer.alloc(50, 0x21)])
const DELTA = Buffer.concat([hex('41 9a'), Buffer.alloc(20, 0x22)])

const packet = (timestamp: number, payload: Buffer, marker = true, afterLoss = false): OrderedPacket => ({
  timestamp,
  payload,
  marker,
  afterLoss,
})
const stapA = (...nals: Buffer[]) =>
  Buffer.concat([hex('78'), ...nals.flatMap((nal) => [Buffer.from([nal.length >> 8, nal.length & 255]), nal])])

function fuA(nal: Buffer, size: number): Buffer[] {
  const [head = 0] = nal
  const body = nal.subarray(1)
  const count = Math.ceil(body.length / size)
  return Array.from({ length: count }, (_, i) => {
    const flags = (i === 0 ? 0x80 : 0) | (i === count - 1 ? 0x40 : 0)
    return Buffer.concat([Buffer.from([(head & 0xe0) | 28, flags | (head & 0x1f)]), body.subarray(i * size, (i + 1) * size)])
  })
}

function depacketiser(): {
  push: (...packets: OrderedPacket[]) => void
  units: AccessUnit[]
  asked: () => number
  dropped: () => number
} {
  const units: AccessUnit[] = []
  let asked = 0
  const machine = new H264Depacketiser({
    unit: (unit) => units.push(unit),
    needKeyframe: () => {
      asked += 1
    },
  })
  return {
    push: (...packets) => {
      for (const each of packets) machine.push(each)
    },
    units,
    asked: () => asked,
    dropped: () => machine.dropped,
  }
}

const nals = (unit: AccessUnit | undefined) => fromAvcc(unit?.data ?? new Uint8Array(), 4)?.map((nal) => Buffer.from(nal))

test('single units, aggregates and fragments become access units without parameter sets', () => {
  const { push, units } = depacketiser()
  push(
    packet(1000, stapA(SPS, PPS), false),
    ...fuA(IDR, 17).map((part, i, all) => packet(1000, part, i === all.length - 1)),
    packet(4000, DELTA),
  )
  expect(units.map((unit) => [unit.timestamp, unit.key, unit.config?.width])).toEqual([
    [1000, true, 320],
    [4000, false, undefined],
  ])
  expect(nals(units[0])).toEqual([IDR])
  expect(nals(units[1])).toEqual([DELTA])
})

test('a missing marker ends the unit at the next timestamp', () => {
  const { push, units } = depacketiser()
  push(packet(1, stapA(SPS, PPS, IDR), false), packet(2, DELTA, false), packet(3, DELTA))
  expect(units.map((unit) => unit.timestamp)).toEqual([1, 2, 3])
})

test('[ING12] a unit with a hole never comes out, a keyframe is asked for, and the next keyframe goes on', () => {
  const { push, units, asked, dropped } = depacketiser()
  const [first, , third] = fuA(IDR, 20)
  push(packet(0, stapA(SPS, PPS, IDR)))
  push(packet(1, first as Buffer, false), packet(1, third as Buffer, true, true))
  expect(asked()).toBe(1)
  push(packet(2, DELTA))
  expect(units).toHaveLength(1)
  expect(dropped()).toBe(2)
  push(packet(3, IDR), packet(4, DELTA))
  expect(units.map((unit) => unit.timestamp)).toEqual([0, 3, 4])
})

test('[ING12] after a hole a unit counts only when its own beginning is there', () => {
  const { push, units } = depacketiser()
  push(packet(0, stapA(SPS, PPS, IDR)))
  const laterSlice = Buffer.concat([hex('65 48'), Buffer.alloc(9)])
  push(packet(1, laterSlice, true, true))
  expect(units).toHaveLength(1)
  push(packet(2, IDR, true, true))
  expect(units).toHaveLength(2)
})

test('[ING13] new parameter sets come with the keyframe that uses them', () => {
  const { push, units } = depacketiser()
  const other = hex('67 42 c0 1f 8c 8d 40 50 1e d0 0f 08 84 6a')
  push(packet(0, stapA(SPS, PPS, IDR)), packet(1, stapA(SPS, PPS, IDR)), packet(2, stapA(other, PPS, IDR)))
  expect(units.map((unit) => unit.config?.codecString)).toEqual(['avc1.4d400d', undefined, 'avc1.42c01f'])
})

test('[ING11] noise never throws out of the depacketiser', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seeded(seed)
    const { push, units } = depacketiser()
    for (let i = 0; i < 200; i += 1) {
      const payload = randomBytesOf(random, Math.floor(random() * 60))
      if (payload.length > 2) payload[0] = [24, 28, 1, 5, 7, 8, 30][Math.floor(random() * 7)] as number
      push(packet(Math.floor(random() * 20), payload, random() < 0.3, random() < 0.1))
    }
    expect(units.every((unit) => nals(unit) !== undefined)).toBe(true)
  }
})

const rtp = (sequence: number, timestamp = sequence * 10) => ({
  sequence: sequence & 0xffff,
  timestamp: timestamp >>> 0,
  marker: true,
  payload: Buffer.from([sequence & 255]),
})

test('packets are put in order over the wrap of their number, doubles go', () => {
  const buffer = new ReorderBuffer({ waitMs: 100, maxPackets: 50 })
  const out = [65534, 65536, 65535, 65535, 65538, 65537].flatMap((sequence) => buffer.push(rtp(sequence), 0))
  expect(out.map((each) => each.payload[0])).toEqual([254, 255, 0, 1, 2])
  expect(out.every((each) => !each.afterLoss)).toBe(true)
})

test('[ING12] a hole is given up after the wait, or when too much waits behind it', () => {
  const buffer = new ReorderBuffer({ waitMs: 100, maxPackets: 5 })
  buffer.push(rtp(1), 0)
  expect(buffer.push(rtp(3), 10)).toEqual([])
  expect(buffer.poll(109)).toEqual([])
  expect(buffer.poll(110)).toMatchObject([{ afterLoss: true }])
  const late = [5, 6, 7, 8, 9, 10].flatMap((sequence) => buffer.push(rtp(sequence), 111))
  expect(late).toHaveLength(6)
  expect(late.map((each) => each.afterLoss)).toEqual([true, false, false, false, false, false])
  expect([buffer.received, buffer.lost]).toEqual([8, 2])
})

test('a sender that begins anew far behind is followed again', () => {
  const buffer = new ReorderBuffer({ waitMs: 100, maxPackets: 50 })
  buffer.push(rtp(20_000), 0)
  const out = Array.from({ length: 150 }, (_, i) => buffer.push(rtp(100 + i), i)).flat()
  expect(out.length).toBeGreaterThan(30)
  expect(out[0]?.afterLoss).toBe(true)
})

test('[ING5] counters run on over their wrap and small steps back stay small', () => {
  const times = new Unwrapper(32)
  expect([2 ** 32 - 10, 5, 2 ** 32 - 1, 100].map((raw) => times.next(raw))).toEqual([
    2 ** 32 - 10,
    2 ** 32 + 5,
    2 ** 32 - 1,
    2 ** 32 + 100,
  ])
})

test('Opus durations follow the table of contents byte', () => {
  expect(opusSamples(Buffer.from([0x78]))).toBe(960)
  expect(opusSamples(Buffer.from([0x79]))).toBe(1920)
  expect(opusSamples(Buffer.from([0x7b, 3]))).toBe(2880)
  expect(opusSamples(Buffer.from([0x1b, 63]))).toBeUndefined()
  expect(opusSamples(Buffer.from([]))).toBeUndefined()
})

test('[ING17] sender reports bring sound to the picture without a jump', () => {
  const video = new TrackLine(90_000)
  const audio = new TrackLine(48_000)
  // Both were captured at the same instant; the picture arrives 100 ms later than the sound.
  let worstStepUs = 0
  let last = audio.at(0, 0)
  video.at(0, 100_000)
  video.heard({ ntpUs: 1_000_000_000, rtpTime: 0 })
  audio.heard({ ntpUs: 1_000_000_000, rtpTime: 0 })
  audio.follow(video)
  for (let frame = 1; frame <= 400; frame += 1) {
    const at = audio.at(frame * 960, 0)
    worstStepUs = Math.max(worstStepUs, Math.abs(at - last - 20_000))
    last = at
  }
  expect(worstStepUs).toBeLessThanOrEqual(401)
  expect(Math.abs(last - video.at(400 * 1800, 0))).toBeLessThan(1)
})

test('[ING17] reports that contradict themselves bend nothing', () => {
  const video = new TrackLine(90_000)
  const audio = new TrackLine(48_000)
  video.at(0, 0)
  audio.at(0, 0)
  video.heard({ ntpUs: 1_000_000_000, rtpTime: 0 })
  audio.heard({ ntpUs: 9_000_000_000, rtpTime: 0 })
  audio.follow(video)
  expect(audio.at(48_000, 0)).toBe(1_000_000)
})

test('NTP times become microseconds', () => {
  expect(ntpToUs((3n << 32n) | 0x80000000n)).toBe(3_500_000)
})
