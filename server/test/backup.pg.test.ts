import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, verifierChecks } from '../src/app.ts'
import { check } from '../src/kernel/backup/check.ts'
import { dump } from '../src/kernel/backup/dump.ts'
import { load } from '../src/kernel/backup/load.ts'
import type { Manifest } from '../src/kernel/backup/manifest.ts'
import { openCtx, systemActor } from '../src/kernel/context.ts'
import { openKernel } from '../src/kernel/open.ts'
import { sql } from '../src/kernel/sql.ts'
import { openDiskStorage } from '../src/kernel/storage.ts'
import { stage, tap } from '../src/modules/lots/testing.ts'
import { noMedia } from '../src/modules/media/ports.ts'
import { bought, openShelf } from '../src/modules/orders/testing.ts'
import { emptyDatabase } from './database.ts'
import { openWorld, type World } from './world.ts'

let world: World
let folder: string
let file: string
let made: Manifest
beforeAll(async () => {
  world = await openWorld()
  folder = await mkdtemp(join(tmpdir(), 'efir-backup-'))
  file = join(folder, 'sale.efir')
  for (const [key, size] of [
    ['pictures/aa/one.avif', 200_000],
    ['recordings/shw_1/mss_1/s1.m4s', 5_000_000],
    ['empty.bin', 0],
  ] as const)
    await world.kernel.storage.put(key, Buffer.alloc(size, key))
  made = await duringSale()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const dumpTo = (to: string) =>
  dump({
    databaseUrl: world.kernel.db.url,
    storage: world.kernel.storage,
    secret: world.kernel.secret,
    file: to,
    now: world.clock.now(),
  })

/** The backup is taken while buyers reserve, pay and others come. */
async function duringSale(): Promise<Manifest> {
  const { lot, open } = await stage(world)
  const lotId = await lot({ units: 400, quota: 400 })
  await open(lotId)
  const shelf = await openShelf(world, { units: 50 })
  await bought(world, await world.person(), shelf)
  await world.settle()
  const state = { over: false, sold: 0 }
  const sell = async () => {
    while (!state.over) {
      const answer = await tap(world, await world.person(), lotId)
      if (answer.ok) state.sold++
    }
  }
  const pay = async () => {
    while (!state.over) await bought(world, await world.person(), shelf)
  }
  const rush = Promise.all([sell(), sell(), sell(), pay()].map((work) => work.catch(() => undefined)))
  const soldBefore = state.sold
  const manifest = await dumpTo(file)
  while (state.sold === soldBefore) await new Promise((resolve) => setTimeout(resolve, 10))
  state.over = true
  await rush
  return manifest
}

async function restored(from = file): Promise<{ url: string; files: string; drop(): Promise<void> }> {
  const database = await emptyDatabase()
  const files = await mkdtemp(join(tmpdir(), 'efir-restore-'))
  await load({
    databaseUrl: database.url,
    storage: openDiskStorage(join(files, 'files')),
    file: from,
    manifest: await check(from),
  })
  return {
    url: database.url,
    files,
    async drop() {
      await database.drop()
      await rm(files, { recursive: true, force: true })
    },
  }
}

test('a backup taken under load is restored whole: rows, hashes, books; and the app sells on it', async () => {
  const place = await restored()
  const again = join(folder, 'again.efir')
  await using stack = new AsyncDisposableStack()
  stack.defer(place.drop)
  const storage = openDiskStorage(join(place.files, 'files'))
  const second = await dump({ databaseUrl: place.url, storage, secret: 'another', file: again, now: 1 })
  // Rows stand in another order after a restore, so tables are compared by what they hold.
  expect(second.tables.map(({ name, rows, bytes }) => ({ name, rows, bytes }))).toEqual(
    made.tables.map(({ name, rows, bytes }) => ({ name, rows, bytes })),
  )
  const byKey = (files: Manifest['files']) => files.toSorted((a, b) => a.key.localeCompare(b.key))
  expect(byKey(second.files)).toEqual(byKey(made.files))
  expect(made.files).toHaveLength(3)
  expect(made.tables.find((t) => t.name === 'stock.reservation')?.rows).toBeGreaterThan(0)
  expect(second.eventHead).toBe(made.eventHead)

  const kernel = await openKernel(stack, {
    config: { ...world.kernel.config, dataDir: place.files },
    log: world.kernel.log,
    databaseUrl: place.url,
  })
  const ctx = openCtx(kernel, { actor: systemActor })
  await kernel.events.start()
  for (const one of verifierChecks) expect(await one.run(ctx), one.name).toEqual([])
  const app = stack.use(await openApp({ ...kernel, secret: world.kernel.secret }, { credentials: {} as never, media: noMedia }))
  const lots = await ctx.rows<{ id: string }>(sql`select id from lots.lot where state = 'open'`)
  expect(lots).toHaveLength(1)
  const buyer = await world.person()
  await kernel.db.run(
    sql`insert into identity.person (id, kind, name, locale, created_at) values (${buyer.id}, 'guest', 'Late', 'en', now())`,
  )
  const answer = await app.http.inject({
    method: 'POST',
    url: `/api/lots/${lots[0]?.id}/reserve`,
    headers: { 'x-efir': '1', authorization: `Bearer ${buyer.token}` },
    payload: { quantity: 1, key: 'after-the-restore' },
  })
  expect([answer.statusCode, answer.json()]).toMatchObject([200, { quantity: 1 }])
  for (const one of verifierChecks) expect(await one.run(ctx), one.name).toEqual([])
  // New rows continue behind the old ones.
  expect((await ctx.one<{ fresh: boolean }>(sql`select max(id) > ${made.eventHead} as fresh from kernel.event`)).fresh).toBe(true)
})

test('every row of every table comes back as it was, also of large ones', async () => {
  await world.kernel.db.run(
    sql`insert into kernel.mail_box (at, letter) select now(), jsonb_build_object('n', n, 'text', repeat(md5(n::text), 1 + n % 40), 'odd', E'tab\\t line\\n \\\\ "quote" é 直播') from generate_series(1, 20000) n`,
  )
  const quiet = join(folder, 'quiet.efir')
  await dumpTo(quiet)
  const before = await contentOf(world.kernel.db.url, made)
  const place = await restored(quiet)
  expect(await contentOf(place.url, made)).toEqual(before)
  await place.drop()
})

/** A digest of what each table holds, whatever the order of its rows. */
async function contentOf(url: string, { tables }: Manifest): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const found: Record<string, string> = {}
  for (const { name } of tables) {
    const { rows } = await client.query(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as digest from ${name} t`,
    )
    found[name] = rows[0].digest
  }
  await client.end()
  return found
}

test('a place that is not empty, and a backup of a newer version, are refused before anything is written', async () => {
  const place = await restored()
  const manifest = await check(file)
  const into = (databaseUrl: string, files: string, given: Manifest = manifest) =>
    load({ databaseUrl, storage: openDiskStorage(files), file, manifest: given })
  await expect(into(place.url, join(place.files, 'nothing'))).rejects.toThrow('the database is not empty')
  const empty = await emptyDatabase()
  await expect(into(empty.url, join(place.files, 'files'))).rejects.toThrow('the files are not empty')
  const newer = { ...manifest, migrations: [...manifest.migrations, { name: '9999_later.sql', digest: 'x' }] }
  await expect(into(empty.url, join(place.files, 'nothing'), newer)).rejects.toThrow('newer version')
  expect(await tablesIn(empty.url)).toBe(0)
  await empty.drop()
  await place.drop()
})

const tablesIn = async (url: string): Promise<number> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query(
    "select count(*)::int as n from pg_tables where schemaname !~ '^pg_' and schemaname <> 'information_schema'",
  )
  await client.end()
  return rows[0].n
}

test('a changed byte anywhere, a cut file and a strange file are found', async () => {
  const bytes = await readFile(file)
  const spoiled = join(folder, 'spoiled.efir')
  for (const share of [0.001, 0.2, 0.5, 0.8, 0.999]) {
    const copy = Buffer.from(bytes)
    const at = Math.floor(copy.length * share)
    copy[at] = (copy[at] as number) ^ 0x55
    await writeFile(spoiled, copy)
    await expect(check(spoiled), `byte ${at} of ${copy.length}`).rejects.toThrow()
  }
  await copyFile(file, spoiled)
  await truncate(spoiled, bytes.length - 1_000)
  await expect(check(spoiled)).rejects.toThrow()
  await writeFile(spoiled, 'not a backup at all')
  await expect(check(spoiled)).rejects.toThrow()
})

test('nobody else may read a backup, and a draft that failed is gone', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await expect(
    dump({
      databaseUrl: world.kernel.db.url,
      storage: { ...world.kernel.storage, keys: failing },
      secret: 's',
      file: join(folder, 'x.efir'),
      now: 1,
    }),
  ).rejects.toThrow('the disk is gone')
  await expect(stat(join(folder, 'x.efir.part'))).rejects.toThrow('ENOENT')
})

async function* failing(): AsyncGenerator<string> {
  yield 'empty.bin'
  throw new Error('the disk is gone')
}

test('secrets leave the machine only as they lie in the database, and the key itself never', async () => {
  const text = JSON.stringify(made)
  expect(text).not.toContain(world.kernel.secret)
  expect(made.secretPrint).toBe(createHash('sha256').update(`efir backup ${world.kernel.secret}`).digest('hex').slice(0, 16))
})
