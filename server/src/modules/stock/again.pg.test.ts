import { expect, test } from 'vitest'
import { openWorld } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import { ask, differences, quota } from './testing.ts'

test('a hold ends in time also when the batch that planned its end was taken back and delivered again', async () => {
  let dying = true
  let deaths = 0
  await using world = await openWorld({
    around: {
      job: (_, run) => run(),
      async reaction(reader, run) {
        await run()
        if (reader !== 'stock' || !dying) return
        deaths++
        throw Object.assign(new Error('the process dies before the commit'), { code: '57P01' })
      },
    },
  })
  const allotmentId = await quota(world, 3)
  const answer = await world.app.desk.reserve(ask(world, allotmentId, { holdMs: 60_000 }))
  expect(answer.outcome).toBe('granted')
  await world.settle()
  // What was to run after the commit has had its time.
  world.clock.advance(1_000)
  expect(deaths).toBeGreaterThan(0)
  dying = false
  await world.settle()
  await world.advance(120_000)
  expect(await world.ctx.rows(sql`select state from stock.reservation`)).toEqual([{ state: 'expired' }])
  expect(await differences(world)).toEqual([])
})
