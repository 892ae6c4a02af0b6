import { randomBytes } from 'node:crypto'
import { Client } from 'pg'

/** A fresh database with all migrations, cloned from the template that the global setup of the tests made. */
export async function cloneDatabase(template = 'efir_template'): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = process.env['EFIR_TEST_PG']
  if (!admin) throw new Error('EFIR_TEST_PG is not set: run this test through vitest, whose global setup starts PostgreSQL')
  const name = `t_${randomBytes(8).toString('hex')}`
  await withClient(admin, (c) => c.query(`create database ${name} template ${template}`))
  const url = new URL(admin)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => withClient(admin, (c) => c.query(`drop database if exists ${name} with (force)`)) }
}

/** A database with nothing in it. */
export const emptyDatabase = () => cloneDatabase('template0')

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
