import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { Client } from 'pg'
import type { Storage } from '../storage.ts'
import { copyOut } from './copy.ts'
import {
  type FilePart,
  filePrefix,
  type Manifest,
  manifestName,
  printOf,
  quoted,
  quotedPart,
  type TablePart,
  tablePrefix,
} from './manifest.ts'
import { tarEnd, tarHeader, tarPadding } from './tar.ts'

const partBytes = 4 * 1024 * 1024
/** Kept by what makes the schema: a restore makes them anew. */
const madeByMigrations = new Set(['kernel.migration', 'graphile_worker.migrations'])

export interface DumpOptions {
  readonly databaseUrl: string
  readonly storage: Storage
  readonly secret: string
  readonly file: string
  /** Epoch ms. */
  readonly now: number
}

/** Writes everything into one file. Reads one snapshot of the database, so it may run beside a sale; the file appears only when it is whole. */
export async function dump(options: DumpOptions): Promise<Manifest> {
  const client = new Client({ connectionString: options.databaseUrl, application_name: 'efir backup' })
  await client.connect()
  const draft = `${options.file}.part`
  try {
    await client.query("set timezone = 'UTC'")
    await client.query('begin isolation level repeatable read read only')
    const found: { manifest?: Manifest } = {}
    const out = createWriteStream(draft, { mode: 0o600, flush: true })
    await pipeline(Readable.from(archive(client, options, found), { objectMode: false }), createZstdCompress(), out)
    await client.query('commit')
    await rename(draft, options.file)
    await syncFolderOf(options.file)
    return found.manifest as Manifest
  } catch (problem) {
    await rm(draft, { force: true })
    throw problem
  } finally {
    await client.end()
  }
}

async function syncFolderOf(file: string): Promise<void> {
  const folder = await open(new URL('.', `file://${file.startsWith('/') ? file : `${process.cwd()}/${file}`}`))
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function* archive(client: Client, options: DumpOptions, found: { manifest?: Manifest }): AsyncGenerator<Buffer> {
  const tables: TablePart[] = []
  for (const table of await tablesOf(client)) yield* dumpTable(client, table, (part) => tables.push(part))
  const files: FilePart[] = []
  for await (const key of options.storage.keys()) yield* dumpFile(options.storage, key, (part) => files.push(part))
  const manifest: Manifest = {
    format: 'efir backup',
    version: 1,
    madeAt: options.now,
    ...(await factsOf(client)),
    secretPrint: printOf(options.secret),
    tables,
    sequences: await sequencesOf(client),
    files,
  }
  const text = Buffer.from(JSON.stringify(manifest))
  yield* entry(manifestName, text)
  yield tarEnd()
  found.manifest = manifest
}

function* entry(name: string, body: Buffer): Generator<Buffer> {
  yield tarHeader(name, body.length)
  yield body
  yield tarPadding(body.length)
}

interface TableFound {
  readonly name: string
  readonly columns: readonly string[]
}

async function tablesOf(client: Client): Promise<TableFound[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select n.nspname || '.' || c.relname as name,
            array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     group by 1 order by 1`,
  )
  return rows.filter(({ name }) => !madeByMigrations.has(name))
}

/** In parts of whole rows, so that none must be known in size ahead of time and none fills the memory. */
async function* dumpTable(
  client: Client,
  { name, columns }: TableFound,
  done: (part: TablePart) => void,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  const facts = { rows: 0, bytes: 0, parts: 0 }
  let held: Buffer[] = []
  let size = 0
  const flush = function* (): Generator<Buffer> {
    const body = Buffer.concat(held, size)
    held = []
    size = 0
    hash.update(body)
    facts.bytes += body.length
    yield* entry(`${tablePrefix}${name}/${String(++facts.parts).padStart(6, '0')}`, body)
  }
  const list = columns.map(quotedPart).join(', ')
  for await (const row of copyOut(client, `copy ${quoted(name)} (${list}) to stdout`)) {
    facts.rows++
    held.push(row)
    size += row.length
    if (size >= partBytes) yield* flush()
  }
  if (size > 0) yield* flush()
  done({ name, columns, rows: facts.rows, bytes: facts.bytes, sha256: hash.digest('hex') })
}

/** What was deleted since the list was made is no longer wanted. */
async function* dumpFile(storage: Storage, key: string, done: (part: FilePart) => void): AsyncGenerator<Buffer> {
  const found = await storage.stream(key)
  if (!found) return
  const hash = createHash('sha256')
  let bytes = 0
  yield tarHeader(`${filePrefix}${key}`, found.size)
  for await (const chunk of found.body as AsyncIterable<Buffer>) {
    // A recording under way grows: what it was when it was opened counts.
    const taken = chunk.subarray(0, found.size - bytes)
    hash.update(taken)
    bytes += taken.length
    yield taken
    if (bytes === found.size) break
  }
  if (bytes !== found.size) throw new Error(`${key} became shorter while it was read`)
  yield tarPadding(bytes)
  done({ key, bytes, sha256: hash.digest('hex') })
}

async function factsOf(client: Client): Promise<Pick<Manifest, 'migrations' | 'jobSchema' | 'eventHead'>> {
  const migrations = await client.query<{ name: string; digest: string }>(
    'select name, digest from kernel.migration order by name',
  )
  const jobs = await client.query<{ id: number }>('select max(id) as id from graphile_worker.migrations')
  const head = await client.query<{ pos: string }>('select pos from kernel.event_head')
  return { migrations: migrations.rows, jobSchema: jobs.rows[0]?.id ?? 0, eventHead: Number(head.rows[0]?.pos ?? 0) }
}

/** Sequences stand outside snapshots; ahead of their tables is fine. */
async function sequencesOf(client: Client): Promise<Manifest['sequences']> {
  const { rows } = await client.query<{ name: string }>(
    `select schemaname || '.' || sequencename as name from pg_sequences where schemaname !~ '^pg_' order by 1`,
  )
  const found: Manifest['sequences'][number][] = []
  for (const { name } of rows) {
    const read = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${quoted(name)}`,
    )
    found.push({ name, ...(read.rows[0] as { value: string; called: boolean }) })
  }
  return found
}
