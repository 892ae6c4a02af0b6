import { spawn } from 'node:child_process'
import { existsSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { openDb } from '../db.ts'
import { openLog } from '../log.ts'
import { sql } from '../sql.ts'
import { answers, assertDatabaseFits } from './probe.ts'
import { cloneDatabase, sweepTestClusters } from './testing.ts'

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

test('what a killed test run left is ended and removed, a living run keeps its own', async () => {
  const script = `import { startTestPostgres } from ${JSON.stringify(join(import.meta.dirname, 'testing.ts'))}
    const { adminUrl } = await startTestPostgres({ digest: 'empty', prepare: async () => {} })
    console.log(adminUrl); setInterval(() => {}, 1000)`
  const run = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = String(await new Promise((resolve) => run.stdout.once('data', resolve))).trim()
  run.kill('SIGKILL')
  await new Promise((resolve) => run.once('exit', resolve))
  expect(await answers(url)).toBe(true)
  const home = decodeURIComponent(new URL(url).hostname)
  const folder = dirname(dirname(home))
  utimesSync(folder, 0, 0)
  sweepTestClusters()
  expect(existsSync(folder)).toBe(false)
  expect(await answers(url)).toBe(false)
  expect(await answers(inject('postgres'))).toBe(true)
})
