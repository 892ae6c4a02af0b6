import { createHash } from 'node:crypto'
import { puzzleText } from '@efir/contract/puzzle.ts'
import { expect, test } from 'vitest'
import { fakeClock } from '../../../kernel/clock.ts'
import { drawMs, openDraw } from './draw.ts'
import { puzzleBits, puzzleChallenge } from './puzzle.ts'
import { readTicket, signTicket, stillToWatchMs, ticketMs, watchedMs } from './ticket.ts'

const secret = 'a secret of the tests, long enough to sign'
const ticket = { showId: 'shw_1', personId: 'per_1', device: 'dev_1', sinceAt: 1_000, seenAt: 50_000 }
const now = 60_000

test('[LOT15] a ticket is good for one person at one show, while it is renewed, as the server sealed it', () => {
  const text = signTicket(secret, ticket)
  const asked = { showId: 'shw_1', personId: 'per_1', now }
  expect(readTicket(secret, text, asked)).toEqual(ticket)
  expect(readTicket(secret, text, { ...asked, personId: 'per_2' })).toBeNull()
  expect(readTicket(secret, text, { ...asked, showId: 'shw_2' })).toBeNull()
  expect(readTicket(secret, text, { ...asked, now: ticket.seenAt + ticketMs + 1 })).toBeNull()
  expect(readTicket('another secret of the same length, you see', text, asked)).toBeNull()
  const [body = '', mac = ''] = text.split('.')
  const older = Buffer.from(JSON.stringify({ ...ticket, sinceAt: 0 })).toString('base64url')
  for (const forged of [`${older}.${mac}`, body, `${body}.`, '', undefined, 'x'.repeat(2_000)])
    expect(readTicket(secret, forged, asked)).toBeNull()
})

test('[LOT15] who has watched long enough waits no more', () => {
  expect(stillToWatchMs(null, now)).toBe(watchedMs)
  expect(stillToWatchMs({ ...ticket, sinceAt: now - watchedMs + 1 }, now)).toBe(1)
  expect(stillToWatchMs({ ...ticket, sinceAt: now - watchedMs }, now)).toBe(0)
})

test('[LOT18] a puzzle is solved by work, for one person and one opening', async () => {
  const of = { lotId: 'lot_1', opensAt: 5, personId: 'per_1' }
  let proof = ''
  for (let n = 0; ; n++) {
    proof = n.toString(36)
    const digest = createHash('sha256')
      .update(puzzleText({ ...of, proof }))
      .digest()
    if (Math.clz32(digest.readUInt32BE(0)) >= puzzleBits) break
  }
  expect(await puzzleChallenge.solved({ ...of, proof })).toBe(true)
  expect(await puzzleChallenge.solved({ ...of, personId: 'per_2', proof })).toBe(false)
  expect(await puzzleChallenge.solved({ ...of, opensAt: 6, proof })).toBe(false)
  for (const wrong of ['', 'A', '-1', 'z'.repeat(21), `${proof} `])
    expect(await puzzleChallenge.solved({ ...of, proof: wrong })).toBe(false)
})

test('[LOT17] wishes before the instant go on together in drawn order, later ones at once', async () => {
  const clock = fakeClock(0)
  // Always the first of those left: the order of release is then known and is not that of arrival.
  const draw = openDraw(clock, () => 0)
  const went: string[] = []
  const wish = (name: string) => void draw.turn('lot 0', drawMs).then(() => went.push(name))
  for (const name of ['a', 'b', 'c', 'd']) {
    wish(name)
    clock.advance(300)
  }
  await Promise.resolve()
  expect(went).toEqual([])
  clock.advance(drawMs)
  await new Promise((resolve) => setImmediate(resolve))
  expect([...went].sort()).toEqual(['a', 'b', 'c', 'd'])
  expect(went).not.toEqual(['a', 'b', 'c', 'd'])
  wish('late')
  await new Promise((resolve) => setImmediate(resolve))
  expect(went.at(-1)).toBe('late')
})

test('[LOT17] every place in the order is as likely for the first as for the last who came', async () => {
  let state = 1
  const pick = (n: number) => {
    // xorshift32
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % n
  }
  const firsts = [0, 0, 0, 0]
  for (let round = 0; round < 4_000; round++) {
    const clock = fakeClock(0)
    const draw = openDraw(clock, pick)
    const went: number[] = []
    for (const n of [0, 1, 2, 3]) void draw.turn('x', 10).then(() => went.push(n))
    clock.advance(10)
    await Promise.resolve()
    await Promise.resolve()
    firsts[went[0] as number] = (firsts[went[0] as number] as number) + 1
  }
  for (const count of firsts) expect(Math.abs(count - 1_000)).toBeLessThan(130)
})
