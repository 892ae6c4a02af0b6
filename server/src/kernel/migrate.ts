import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runMigrations } from 'graphile-worker'
import { Client } from 'pg'
import { openPool } from './pool.ts'

const folder = join(import.meta.dirname, '../../migrations')

/** Names and digests of all that this version brings. */
export async function knownMigrations(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const digest = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name), 'utf8'))
      .digest('hex')
  return new Map(await Promise.all(names.map(async (name) => [name, await digest(name)] as const)))
}

/** Applies what is missing, in name order, each in its own transaction, under one lock. A changed old file is refused.
 * `only`: a restore makes the schema as it was first. */
export async function migrate(url: string, only?: ReadonlySet<string>): Promise<string[]> {
  const client = new Client({ connectionString: url, application_name: 'efir migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7301)')
    await client.query('create schema if not exists kernel')
    await client.query(
      'create table if not exists kernel.migration (name text primary key, digest text not null, applied_at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ name: string; digest: string }>('select name, digest from kernel.migration')
    const known = new Map(rows.map((r) => [r.name, r.digest]))
    const applied: string[] = []
    for (const name of (await readdir(folder)).filter((n) => n.endsWith('.sql')).sort()) {
      const text = await readFile(join(folder, name), 'utf8')
      const digest = createHash('sha256').update(text).digest('hex')
      const before = known.get(name)
      if (before === digest || (only && !only.has(name))) continue
      if (before !== undefined) throw new Error(`migration ${name} was changed after it ran; migrations are forward only`)
      await apply(client, name, text, digest)
      applied.push(name)
    }
    await migrateWorker(url)
    return applied
  } finally {
    await client.end()
  }
}

async function apply(client: Client, name: string, text: string, digest: string): Promise<void> {
  await client.query('begin')
  try {
    await client.query(text)
    await client.query('insert into kernel.migration (name, digest) values ($1, $2)', [name, digest])
    await client.query('commit')
  } catch (problem) {
    await client.query('rollback')
    throw new Error(`migration ${name} failed: ${(problem as Error).message}`, { cause: problem })
  }
}

/** With a pool of our own: that of the library would end the process when the database goes while it closes. */
async function migrateWorker(url: string): Promise<void> {
  const pool = openPool({ connectionString: url, max: 2 })
  try {
    await runMigrations({ pgPool: pool })
  } finally {
    await pool.end()
  }
}
