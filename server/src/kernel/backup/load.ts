import { Client } from 'pg'
import { knownMigrations, migrate } from '../migrate.ts'
import type { Storage } from '../storage.ts'
import { entriesOf, tableOf } from './check.ts'
import { copyIn } from './copy.ts'
import { filePrefix, type Manifest, quoted, quotedPart, tablePrefix } from './manifest.ts'
import { wholeOf } from './tar.ts'

export interface LoadOptions {
  readonly databaseUrl: string
  readonly storage: Storage
  readonly file: string
  readonly manifest: Manifest
}

/** Refuses anything but an empty place and a schema that this version knows. */
export async function assertFits({ databaseUrl, storage, manifest }: LoadOptions): Promise<void> {
  const known = await knownMigrations()
  for (const { name, digest } of manifest.migrations) {
    if (!known.has(name)) throw new Error(`the backup is of a newer version: it knows ${name}, this version does not`)
    if (known.get(name) !== digest) throw new Error(`the backup was made with another ${name} than this version has`)
  }
  for await (const key of storage.keys()) throw new Error(`the files are not empty (${key}): restore into a new data folder`)
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' limit 1`,
    )
    if (rows[0]) throw new Error(`the database is not empty (${rows[0].name}): restore into a new one`)
  })
}

/** The schema as it was, the rows in one transaction, then the migrations that came since. */
export async function load(options: LoadOptions): Promise<void> {
  const { databaseUrl, manifest, storage, file } = options
  await assertFits(options)
  await migrate(databaseUrl, new Set(manifest.migrations.map((m) => m.name)))
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: number }>('select max(id) as id from graphile_worker.migrations')
    if ((rows[0]?.id ?? 0) < manifest.jobSchema) throw new Error('the backup is of a newer version: its jobs are kept otherwise')
    await client.query('begin')
    await fill(client, manifest, file, storage)
    await client.query('commit')
    await client.query('analyze')
  })
  await migrate(databaseUrl)
}

async function fill(client: Client, manifest: Manifest, file: string, storage: Storage): Promise<void> {
  const names = manifest.tables.map((t) => quoted(t.name))
  const foreignKeys = await dropForeignKeys(client)
  // Books refuse to be emptied, and what the migrations wrote into them comes again with the rows.
  for (const name of names) await client.query(`alter table ${name} disable trigger user`)
  for (const name of names) await client.query(`delete from ${name}`)
  const byName = new Map(manifest.tables.map((t) => [t.name, t]))
  const counts = new Map<string, number>()
  for await (const { name, body } of entriesOf(file)) {
    if (name.startsWith(tablePrefix)) {
      const table = byName.get(tableOf(name))
      if (!table) throw new Error(`${name} is not named by the manifest`)
      const list = table.columns.map(quotedPart).join(', ')
      const rows = await copyIn(client, `copy ${quoted(table.name)} (${list}) from stdin`, body).catch((problem: Error) => {
        throw new Error(`table ${table.name}: ${problem.message}`, { cause: problem })
      })
      counts.set(table.name, (counts.get(table.name) ?? 0) + rows)
    } else if (name.startsWith(filePrefix)) {
      await storage.put(name.slice(filePrefix.length), await wholeOf(body))
    }
  }
  for (const { name, rows } of manifest.tables) {
    if ((counts.get(name) ?? 0) !== rows)
      throw new Error(`table ${name} should have ${rows} rows and got ${counts.get(name) ?? 0}`)
  }
  for (const name of names) await client.query(`alter table ${name} enable trigger user`)
  for (const { table, name, definition } of foreignKeys)
    await client.query(`alter table ${table} add constraint ${quotedPart(name)} ${definition}`)
  for (const { name, value, called } of manifest.sequences)
    await client.query('select setval($1::regclass, $2::bigint, $3)', [quoted(name), value, called])
}

interface ForeignKey {
  readonly table: string
  readonly name: string
  readonly definition: string
}

/** Added again afterwards, so PostgreSQL itself checks that every row leads somewhere, and tables may come in any order. */
async function dropForeignKeys(client: Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select quote_ident(n.nspname) || '.' || quote_ident(t.relname) as table, c.conname as name, pg_get_constraintdef(c.oid) as definition
     from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
     where c.contype = 'f' and n.nspname !~ '^pg_' order by 1, 2`,
  )
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${quotedPart(name)}`)
  return rows
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'efir restore' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
