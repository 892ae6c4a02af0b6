import { expect, test } from 'vitest'
import { Roster, type Seated } from './roster.ts'

const make = (n: number) => Array.from({ length: n }, (_, id) => ({ id, slot: -1 }))

test('[ROOM6] a walk in slices meets everyone once who stays, whoever comes and goes meanwhile', () => {
  const people = make(200)
  const roster = new Roster<Seated & { id: number }>()
  for (const one of people) roster.add(one)
  const met: number[] = []
  const later: (() => void)[] = []
  let done = 0
  roster.walk(
    7,
    (one) => met.push(one.id),
    (next) => void later.push(next),
    () => done++,
  )
  let turn = 0
  while (later.length > 0) {
    for (let i = turn % 3; i < 200; i += 3) if (i % 2 === 0) roster.remove(people[i] as (typeof people)[0])
    roster.add({ id: 1_000 + turn, slot: -1 })
    turn++
    later.shift()?.()
  }
  expect(done).toBe(1)
  expect(new Set(met).size).toBe(met.length)
  for (let i = 1; i < 200; i += 2) expect(met).toContain(i)
  expect(met.some((id) => id >= 1_000)).toBe(false)
  expect(roster.size).toBe(100 + turn)
})

test('seats of leavers are closed and everyone can still be removed', () => {
  const people = make(1_000)
  const roster = new Roster<Seated & { id: number }>()
  for (const one of people) roster.add(one)
  for (const one of people.slice(0, 900)) roster.remove(one)
  for (const one of people.slice(0, 900)) roster.remove(one)
  expect(roster.size).toBe(100)
  const left: number[] = []
  roster.each((one) => left.push(one.id))
  expect(left).toEqual(Array.from({ length: 100 }, (_, i) => 900 + i))
  for (const one of people) roster.remove(one)
  expect(roster.size).toBe(0)
})
