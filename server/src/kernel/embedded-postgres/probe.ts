import { Client } from 'pg'

const connected = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000, application_name: 'efir probe' })
  // A server that dies meanwhile is reported by the query itself.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export async function answers(url: string): Promise<boolean> {
  try {
    return await connected(url, async (client) => (await client.query('select 1 as one')).rowCount === 1)
  } catch {
    return false
  }
}

interface Facts {
  version: number
  encoding: string
  lowered: string
  ctype: string
}

/** Refuses a database that would garble texts later: too old, not UTF-8, or a locale that knows only ASCII letters. */
export async function assertDatabaseFits(url: string): Promise<void> {
  const facts = await connected(url, async (client) => {
    const { rows } = await client.query<Facts>(
      `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
              lower('Ж') as lowered, datctype as ctype
       from pg_database where datname = current_database()`,
    )
    return rows[0]!
  })
  const wrong = whatIsWrong(facts)
  if (wrong.length)
    throw new Error(
      `This PostgreSQL database does not serve Efir: ${wrong.join('; ')}. Make one with: CREATE DATABASE efir ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0`,
    )
}

export function whatIsWrong(facts: Facts): string[] {
  const wrong: string[] = []
  if (facts.version < 150_000) wrong.push(`its version is ${Math.floor(facts.version / 10_000)}, at least 15 is needed`)
  if (facts.encoding !== 'UTF8') wrong.push(`its encoding is ${facts.encoding}, UTF8 is needed`)
  if (facts.lowered !== 'ж') wrong.push(`lower('Ж') gives ${facts.lowered}`)
  // pg_trgm finds letters by LC_CTYPE whatever the collation provider says.
  if (facts.ctype === 'C' || facts.ctype === 'POSIX') wrong.push(`its LC_CTYPE is ${facts.ctype}, which knows only ASCII letters`)
  return wrong
}

/** Makes the database when it is missing. True: it was made. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<boolean> {
  return connected(adminUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount) return false
    await client.query(`create database ${client.escapeIdentifier(name)}`)
    return true
  })
}
