import { expect, test } from 'vitest'
import { openWorld } from '../../test/world.ts'
import { eventType } from './events.ts'
import { pruneEvents } from './keeping.ts'
import { sql } from './sql.ts'

test('events are let go after ninety days, and looked for again each hour', async () => {
  await using world = await openWorld()
  await world.tx((tx) => tx.announce(eventType<{ n: number }>('test.happened'), { n: 1 }))
  await world.settle()
  const events = async () => (await world.ctx.one<{ n: number }>(sql`select count(*)::int as n from kernel.event`)).n
  const before = await events()
  expect(before).toBeGreaterThan(0)
  await world.tx((tx) => tx.addJob(pruneEvents, {}, { key: pruneEvents }))
  await world.settle()
  expect(await events()).toBe(before)
  await world.ctx.run(sql`update kernel.event set at = at - interval '91 days'`)
  await world.advance(3_600_000)
  expect(await events()).toBe(0)
  expect(await world.ctx.maybe(sql`select 1 from kernel.stepped_job where name = ${pruneEvents}`)).not.toBeNull()
})
