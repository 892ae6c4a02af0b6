import { createHash } from 'node:crypto'
import * as contract from '@efir/contract/lots.ts'
import { puzzleText } from '@efir/contract/puzzle.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../../test/world.ts'
import { type Stage, stage, tap } from '../testing.ts'
import { drawMs } from './draw.ts'
import { ticketMs, watchedMs } from './ticket.ts'

let world: World
let show: Stage
beforeAll(async () => {
  world = await openWorld()
  show = await stage(world)
})
afterAll(() => world[Symbol.asyncDispose]())

/** As a browser: the device cookie comes back. */
async function watch(person: TestPerson, given: { ticket?: string; device?: string } = {}) {
  const response = await world.app.http.inject({
    method: 'POST',
    url: `/api/shows/${show.showId}/watching`,
    headers: { 'x-efir': '1', authorization: `Bearer ${person.token}` },
    cookies: given.device ? { efir_device: given.device } : {},
    payload: given.ticket ? { ticket: given.ticket } : {},
  })
  expect(response.statusCode).toBe(200)
  const device = response.cookies.find((cookie) => cookie.name === 'efir_device')
  return { ...(response.json() as { ticket: string; mayBuyAt: number }), device: device?.value ?? given.device ?? '' }
}
const codeOf = (answer: Awaited<ReturnType<typeof tap>>): string => (answer.ok ? 'ok' : answer.refusal)

test('[LOT15] a guarded lot is refused to who did not watch, and told when', async () => {
  const lotId = await show.lot({ guard: 'watching' })
  expect((await show.board(lotId)).guard).toBe('watching')
  await show.open(lotId)
  const buyer = await world.person()
  const none = await tap(world, buyer, lotId)
  expect(none).toMatchObject({ ok: false, refusal: 'watch_first', params: { waitMs: watchedMs } })
  const { ticket } = await watch(buyer)
  await world.advance(4_000)
  expect(await tap(world, buyer, lotId, { ticket })).toMatchObject({ refusal: 'watch_first', params: { waitMs: 6_000 } })
  await world.advance(6_000)
  expect(codeOf(await tap(world, await world.person(), lotId, { ticket }))).toBe('watch_first')
  expect(codeOf(await tap(world, buyer, lotId, { ticket }))).toBe('ok')
})

test('[LOT15] watching goes on with the ticket and begins anew without it', async () => {
  const buyer = await world.person()
  const first = await watch(buyer)
  await world.advance(ticketMs - 1)
  const second = await watch(buyer, { ticket: first.ticket, device: first.device })
  expect(second.mayBuyAt).toBe(first.mayBuyAt)
  await world.advance(ticketMs + 1)
  const third = await watch(buyer, { ticket: second.ticket, device: first.device })
  expect(third.mayBuyAt).toBeGreaterThan(first.mayBuyAt)
})

test('[LOT16] a device has the limit once, whatever names it buys by; what was too much is free for others', async () => {
  const lotId = await show.lot({ guard: 'watching', perBuyer: 1, quota: 3 })
  await show.open(lotId)
  const [one, two, three] = [await world.person(), await world.person(), await world.person()] as const
  const a = await watch(one)
  const b = await watch(two, { device: a.device })
  const c = await watch(three)
  await world.advance(watchedMs)
  expect(codeOf(await tap(world, one, lotId, { ticket: a.ticket }))).toBe('ok')
  expect(codeOf(await tap(world, two, lotId, { ticket: b.ticket }))).toBe('lot_limit_reached')
  expect(codeOf(await tap(world, three, lotId, { ticket: c.ticket }))).toBe('ok')
  await world.settle()
  expect((await show.board(lotId)).left).toBe(1)
})

function solve(lotId: string, opensAt: number, personId: string, bits: number): string {
  for (let n = 0; ; n++) {
    const proof = n.toString(36)
    const digest = createHash('sha256').update(puzzleText({ lotId, opensAt, personId, proof })).digest()
    if (Math.clz32(digest.readUInt32BE(0)) >= bits) return proof
  }
}

test('[LOT17] [LOT18] a drawn lot wants a proof, waits for the first moments and sells exactly its quota', async () => {
  const lotId = await show.lot({ guard: 'draw', quota: 2, perBuyer: 1 })
  const buyers = await Promise.all(Array.from({ length: 5 }, () => world.person()))
  const tickets = await Promise.all(buyers.map((buyer) => watch(buyer)))
  await world.advance(watchedMs)
  await show.open(lotId)
  const { opensAt = 0 } = await show.board(lotId)
  await world.advance(Math.max(0, opensAt - world.clock.now()))
  const first = buyers[0] as TestPerson
  const { ticket } = tickets[0] as { ticket: string }
  expect(codeOf(await tap(world, first, lotId, { ticket }))).toBe('proof_wrong')
  const bits = 18
  const taps = buyers.map((buyer, i) =>
    tap(world, buyer, lotId, {
      ticket: (tickets[i] as { ticket: string }).ticket,
      proof: solve(lotId, opensAt, buyer.id, bits),
    }),
  )
  let early = 0
  for (const one of taps) void one.then(() => early++)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(early).toBe(0)
  world.clock.advance(drawMs)
  const codes = (await Promise.all(taps)).map(codeOf).sort()
  expect(codes).toEqual(['lot_sold_out', 'lot_sold_out', 'lot_sold_out', 'ok', 'ok'])
})

test('who may buy is promised while units are set aside', async () => {
  const lotId = await show.lot()
  await world.must(show.host, contract.changeLot, { lotId, guard: 'draw' })
  expect((await show.board(lotId)).guard).toBe('draw')
  await show.open(lotId)
  expect(await world.call(show.host, contract.changeLot, { lotId, guard: 'open' })).toMatchObject({ refusal: 'lot_state' })
})
