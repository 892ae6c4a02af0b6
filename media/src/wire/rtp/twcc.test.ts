import { expect, test } from 'vitest'
import { seeded } from '../../testing/random.ts'
import { TransportFeedback } from './twcc.ts'

/** Reads one feedback packet back: arrival in microseconds by number, null for one that did not come. */
function read(packet: Buffer): { count: number; arrivals: Map<number, number | null> } {
  expect(packet.length % 4).toBe(0)
  expect(packet.readUInt16BE(2)).toBe(packet.length / 4 - 1)
  const base = packet.readUInt16BE(12)
  const total = packet.readUInt16BE(14)
  const statuses: number[] = []
  let at = 20
  while (statuses.length < total) {
    const chunk = packet.readUInt16BE(at)
    at += 2
    if (chunk < 0x8000) for (let i = 0; i < (chunk & 0x1fff); i += 1) statuses.push(chunk >> 13)
    else for (let i = 0; i < 7; i += 1) statuses.push((chunk >> (12 - i * 2)) & 3)
  }
  let tick = packet.readUIntBE(16, 3) * 256
  const arrivals = new Map<number, number | null>()
  statuses.slice(0, total).forEach((status, i) => {
    if (status === 1) tick += packet.readUInt8(at)
    if (status === 2) tick += packet.readInt16BE(at)
    at += status
    arrivals.set((base + i) & 0xffff, status === 0 ? null : tick * 250)
  })
  const padding = (packet.readUInt8(0) & 0x20) === 0 ? 0 : packet.readUInt8(packet.length - 1)
  expect(at).toBe(packet.length - padding)
  return { count: packet.readUInt8(19), arrivals }
}

test('[ING24] every arrival is told to a quarter of a millisecond, over the wrap of its number, with holes named', () => {
  const random = seeded(21)
  const feedback = new TransportFeedback()
  const truth = new Map<number, number | null>()
  const told = new Map<number, number | null>()
  let us = 5_000_000
  let packets = 0
  for (let i = 65_000; i < 67_000; i += 1) {
    us += Math.floor(random() * 4000)
    if (random() < 0.1) truth.set(i & 0xffff, null)
    else {
      feedback.received(i & 0xffff, us)
      truth.set(i & 0xffff, us)
    }
    if (i % 37 === 0 || i === 66_999) {
      for (const packet of feedback.take(1, 2)) {
        const { count, arrivals } = read(packet)
        expect(count).toBe(packets & 0xff)
        packets += 1
        for (const [sequence, arrival] of arrivals) told.set(sequence, arrival)
      }
    }
  }
  for (const [sequence, arrival] of told) {
    const real = truth.get(sequence)
    if (arrival === null || real === null || real === undefined) expect(arrival).toBe(real)
    else expect(Math.abs(arrival - real)).toBeLessThanOrEqual(125)
  }
  expect(told.size).toBeGreaterThan(1_990)
})

test('[ING24] a packet that came late is told after all, and a long silence begins a new packet', () => {
  const feedback = new TransportFeedback()
  feedback.received(10, 1_000_000)
  feedback.received(12, 1_010_000)
  const [first] = feedback.take(1, 2)
  expect([...read(first as Buffer).arrivals.values()]).toEqual([1_000_000, null, 1_010_000])
  feedback.received(11, 1_200_000)
  feedback.received(13, 30_000_000)
  const rest = feedback.take(1, 2)
  expect(rest).toHaveLength(2)
  expect([...read(rest[0] as Buffer).arrivals.values()]).toEqual([1_200_000, 1_010_000])
  expect(read(rest[1] as Buffer).arrivals.get(13)).toBe(30_000_000)
  expect(feedback.take(1, 2)).toEqual([])
})
