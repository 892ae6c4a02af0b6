import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { systemClock } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import type { ReserveAnswer } from './batch.ts'
import { openStockDesk } from './desk.ts'
import { ask, differences, quota } from './testing.ts'
import { allotmentStates } from './views.ts'

let world: World
/** Tries again after pauses of real time. */
let kernel: Kernel
beforeAll(async () => {
  world = await openWorld()
  kernel = { ...world.kernel, clock: systemClock }
})
afterAll(async () => {
  expect(await differences(world)).toEqual([])
  await world[Symbol.asyncDispose]()
})

async function heldIn(lot: string): Promise<Set<string>> {
  return new Set(
    (await world.kernel.db.rows<{ id: string }>(sql`select id from stock.reservation where allotment_id = ${lot}`)).map(
      (r) => r.id,
    ),
  )
}
const grantedIds = (answers: readonly ReserveAnswer[]) =>
  answers.flatMap((a) => (a.outcome === 'granted' ? [a.reservationId] : []))

/** Our pool with answers that get lost after the work was done, or work that gets lost before. */
function lossy(lose: (turn: number) => 'before' | 'after' | null): Kernel {
  let turn = 0
  const { pool } = world.kernel.db
  const query = async (given: { name?: string }) => {
    const fate = given.name === 'stock.reserve' ? lose(turn++) : null
    if (fate === 'before') throw new Error('Connection terminated unexpectedly')
    const answer = await pool.query(given as never)
    if (fate === 'after') throw new Error('Connection terminated unexpectedly')
    return answer
  }
  return { ...kernel, db: { ...world.kernel.db, pool: { query } as never } }
}

test('[STK13] a commit whose answer is lost grants once, and everybody still gets their answer', async () => {
  const lot = await quota(world, 150, { perBuyer: 1 })
  await using desk = openStockDesk(lossy((turn) => (turn % 3 === 0 ? 'after' : turn % 3 === 1 ? 'before' : null)))
  const answers = await Promise.all(Array.from({ length: 400 }, () => desk.reserve(ask(world, lot))))
  expect(grantedIds(answers)).toHaveLength(150)
  expect(new Set(grantedIds(answers))).toEqual(await heldIn(lot))
  expect(desk.metrics()).toMatchObject({ busy: 0, retries: expect.any(Number) })
  expect(desk.metrics().retries).toBeGreaterThan(0)
})

test('[STK13] backends killed in the middle cost neither a grant nor an answer', async () => {
  const lot = await quota(world, 300)
  await using desk = openStockDesk(kernel)
  let over = false
  const killer = (async () => {
    while (!over) {
      await world.kernel.db.run(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like '%stock.reserve%' and pid <> pg_backend_pid()`,
      )
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
  })()
  const answers: ReserveAnswer[] = []
  for (let round = 0; round < 10; round++) {
    answers.push(...(await Promise.all(Array.from({ length: 60 }, () => desk.reserve(ask(world, lot))))))
  }
  over = true
  await killer
  expect(answers.filter((a) => a.outcome === 'busy')).toEqual([])
  expect(grantedIds(answers)).toHaveLength(300)
  expect(new Set(grantedIds(answers))).toEqual(await heldIn(lot))
  expect((await allotmentStates(world.ctx, [lot]))[0]?.left).toBe(0)
})

test('[STK13] a lot whose row stays locked is busy, the others sell on', async () => {
  const [stuck, free] = [await quota(world, 10), await quota(world, 10)]
  const client = await world.kernel.db.pool.connect()
  try {
    await client.query('begin')
    await client.query('select 1 from stock.allotment where id = $1 for update', [stuck])
    await using desk = openStockDesk(kernel)
    const answers = await Promise.all([
      desk.reserve(ask(world, free)),
      desk.reserve(ask(world, stuck)),
      desk.reserve(ask(world, free)),
    ])
    expect(answers.map((a) => a.outcome)).toEqual(['granted', 'busy', 'granted'])
  } finally {
    await client.query('rollback')
    client.release()
  }
})

test('[STK14] what comes beyond the queue is refused at once, with a time to come back', async () => {
  const lot = await quota(world, 5000)
  await using desk = openStockDesk(kernel)
  const answers = await Promise.all(Array.from({ length: 4000 }, () => desk.reserve(ask(world, lot))))
  const busy = answers.flatMap((a) => (a.outcome === 'busy' ? [a.retryInMs] : []))
  expect(busy.length).toBeGreaterThan(1000)
  expect(Math.max(...busy)).toBeLessThanOrEqual(10_000)
  expect(grantedIds(answers)).toHaveLength(4000 - busy.length)
})

test('[STK15] sold out is answered from memory, and forgotten when units come back', async () => {
  const lot = await quota(world, 1)
  await world.settle()
  await using desk = openStockDesk(world.kernel)
  const first = await desk.reserve(ask(world, lot, { holdMs: 1000 }))
  expect((await desk.reserve(ask(world, lot))).outcome).toBe('sold_out')
  expect((await desk.reserve(ask(world, lot))).outcome).toBe('sold_out')
  expect(desk.metrics().fromMemory).toBe(2)
  expect(first.outcome).toBe('granted')
  await world.advance(2000)
  expect((await desk.reserve(ask(world, lot))).outcome).toBe('granted')
})
