import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'

const migrations = join(import.meta.dirname, '../migrations')

/** Every schema that the product made in this database. */
function ownSchemas(): string[] {
  const texts = readdirSync(migrations).map((name) => readFileSync(join(migrations, name), 'utf8'))
  const named = texts.flatMap((text) => [...text.matchAll(/^create schema (\w+)/gm)].map((m) => m[1] as string))
  return ['kernel', 'graphile_worker', ...named]
}

/**
 * What stands in the way of a new beginning: people or shops that are not of the demo world. The ledger never deletes, so a world goes
 * as a whole or not at all.
 */
export async function strangersIn(url: string): Promise<number> {
  return await withClient(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select ((select count(*) from identity.shop where not demo) + (select count(*) from identity.person where not demo and operator))::int as count`,
    )
    return rows[0]?.count ?? 0
  })
}

/** Empties the database of everything of ours; the migrations and the loader then make a new world. */
export async function wipe(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`drop schema if exists ${ownSchemas().join(', ')} cascade`)
  })
}

/** The seed that this database was loaded from; null when there is no demo world. */
export async function loadedVersion(url: string): Promise<number | null> {
  return await withClient(url, async (client) => {
    const { rows } = await client.query<{ value: number }>(`select value from kernel.setting where name = 'demo.version'`)
    return rows[0]?.value ?? null
  })
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'efir demo' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
