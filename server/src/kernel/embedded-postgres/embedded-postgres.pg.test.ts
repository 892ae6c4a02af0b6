import { expect, inject, test } from 'vitest'
import { openDb } from '../db.ts'
import { openLog } from '../log.ts'
import { sql } from '../sql.ts'
import { assertDatabaseFits } from './probe.ts'
import { cloneDatabase } from './testing.ts'

test('a cloned database is migrated, fits, and is its own', async () => {
  await using one = await cloneDatabase(inject('postgres'))
  await using two = await cloneDatabase(inject('postgres'))
  await assertDatabaseFits(one.url)
  await using db = openDb({ url: one.url, size: 2, log: openLog('silent') })
  await using other = openDb({ url: two.url, size: 2, log: openLog('silent') })
  await db.run(sql`create table mark (at int)`)
  expect((await db.rows(sql`select name from kernel.migration`)).length).toBeGreaterThan(0)
  expect(await other.maybe(sql`select 1 from pg_class where relname = 'mark'`)).toBeNull()
})
