import { expect, test } from 'vitest'
import { textFrame } from './frame.ts'
import { Ring } from './ring.ts'
import { Sent } from './sent.ts'

test('[ROOM8] lag is the age and size of everything behind the acknowledged frame', () => {
  const sent = new Sent()
  expect(sent.lagBehind(0, 100)).toEqual({ ms: 0, bytes: 0 })
  for (let frame = 1; frame <= 3_000; frame++) sent.note(frame * 2, frame * 10, 100)
  expect(sent.lagBehind(6_000, 40_000)).toEqual({ ms: 0, bytes: 0 })
  expect(sent.lagBehind(5_998, 30_000)).toEqual({ ms: 0, bytes: 100 })
  expect(sent.lagBehind(5_997, 30_000)).toEqual({ ms: 10, bytes: 200 })
  expect(sent.lagBehind(5_900, 30_000)).toEqual({ ms: 490, bytes: 5_000 })
  expect(sent.lagBehind(0, 30_000)).toEqual({ ms: 30_000 - 19_770, bytes: 102_400 })
})

test('[ROOM8] the healthy frame agrees with the lag of each acknowledgement', () => {
  const sent = new Sent()
  expect(sent.healthyFrom(0, 1, 1)).toBe(0)
  for (let frame = 1; frame <= 2_500; frame++) {
    sent.note(frame * 2, frame * 10 + (frame % 7), 50 + ((frame * 31) % 100))
    if (frame % 397 !== 0 && frame > 5) continue
    const now = frame * 10 + 500
    for (const [ms, bytes] of [
      [1_000, 3_000],
      [700, 1e9],
      [1e9, 40_000],
      [100, 100],
      [1e9, 1e9],
    ] as const) {
      const healthy = sent.healthyFrom(now, ms, bytes)
      for (let acked = Math.max(0, frame * 2 - 2_000); acked <= frame * 2; acked++) {
        const lag = sent.lagBehind(acked, now)
        if (acked >= healthy !== (lag.ms <= ms && lag.bytes <= bytes)) throw new Error(`${frame} ${ms} ${bytes} ${acked}`)
      }
    }
  }
})

test('[ROOM4] the ring answers with the whole gap or not at all, through any mix of keys and events', () => {
  const ring = new Ring(0, { ringEntries: 50, ringBytes: 1e9 })
  const all: { seq: number; key: string | null }[] = []
  let answered = 0
  for (let seq = 1; seq <= 2_000; seq++) {
    const key = (seq * 7919) % 3 === 0 ? null : `k${(seq * 31) % 11}`
    all.push({ seq, key })
    ring.add({ seq, key, text: 'x' })
    const from = Math.max(0, seq - ((seq * 104_729) % 150))
    const got = ring.since(from)
    if (!got) continue
    answered++
    const gap = all.filter((one) => one.seq > from)
    const newest = gap.filter((one) => one.key === null || !gap.some((later) => later.key === one.key && later.seq > one.seq))
    expect(got.map((one) => one.seq)).toEqual(newest.map((one) => one.seq))
  }
  expect(answered).toBeGreaterThan(500)
  expect(ring.since(0)).toBeNull()
  expect(ring.since(2_000)).toEqual([])
})

test.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])('a frame of %i bytes is a text frame of RFC 6455', (size) => {
  const frame = textFrame('é'.repeat(size >> 1) + 'x'.repeat(size & 1))
  expect(frame[0]).toBe(0x81)
  const short = frame[1] as number
  const told = short < 126 ? short : short === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2))
  expect(told).toBe(size)
  expect(frame.length).toBe(size + (size < 126 ? 2 : size < 65_536 ? 4 : 10))
})
