import { Id } from '@efir/contract/scalars.ts'
import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { openIds } from '../../kernel/ids.ts'
import {
  buyerPrefix,
  queueCeiling,
  queueFloor,
  queueLimit,
  reservationId,
  reservationMoves,
  retryInMs,
  sweepAt,
} from './rules.ts'
import { kindOf } from './writer.ts'

const ids = openIds(() => 1_800_000_000_000)

test('[STK3] an intent always has the same id, and another key, person or allotment has another', () => {
  const [allotment, other, person] = [ids.make('allotment'), ids.make('allotment'), ids.make('person')]
  const id = reservationId(allotment, person, 'key-1')
  expect(Check(Id('reservation'), id)).toBe(true)
  expect(reservationId(allotment, person, 'key-1')).toBe(id)
  expect(id.startsWith(buyerPrefix(allotment, person))).toBe(true)
  const all = [
    id,
    reservationId(allotment, person, 'key-2'),
    reservationId(allotment, ids.make('person'), 'key-1'),
    reservationId(other, person, 'key-1'),
  ]
  expect(new Set(all).size).toBe(4)
  const many = new Set(Array.from({ length: 2_000 }, (_, i) => reservationId(allotment, person, `key-${i}`)))
  expect(many.size).toBe(2_000)
})

test('[STK7] committed never lapses, and paid is the end', () => {
  expect(reservationMoves.committed).not.toContain('expired')
  expect(reservationMoves.paid).toEqual([])
})

test('[STK14] the queue is as long as it drains in 200 ms, within bounds, and those refused come back spread out', () => {
  expect([0.1, 10, 40, 1000].map(queueLimit)).toEqual([queueFloor, 2000, 8000, queueCeiling])
  const waits = Array.from({ length: 1000 }, (_, turn) => retryInMs(8000, 40, turn))
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(250)
  expect(Math.max(...waits)).toBeLessThanOrEqual(450)
  expect(new Set(waits).size).toBeGreaterThan(150)
  expect(retryInMs(1_000_000, 0, 1)).toBe(10_000)
})

test('[STK6] sweeps lie on a grid of one second, after the instant', () => {
  expect([999, 1000, 1001].map(sweepAt)).toEqual([1000, 2000, 2000])
})

test('[STK13] only what certainly was not committed is not sent again', () => {
  const code = (c: string) => Object.assign(new Error(c), { code: c })
  expect(['08006', '57P01', '40001', 'ECONNRESET', 'EPIPE', '53300'].map((c) => kindOf(code(c)))).toEqual(
    Array(6).fill('unknown'),
  )
  expect(['23505', '22P02', 'XX000', '42883'].map((c) => kindOf(code(c)))).toEqual(Array(4).fill('wrong'))
  expect(kindOf(code('55P03'))).toBe('locked')
  expect(kindOf(new Error('Connection terminated unexpectedly'))).toBe('unknown')
})
