import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'

const patienceMs = 1_500

/**
 * Resolves when no session of ours is left. Pools call themselves ended before the server has heard their goodbye; stopping it then
 * makes their last sessions fail loudly.
 */
export async function sessionsGone(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'efir closing' })
  // A server that dies meanwhile is reported by the query itself.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const end = performance.now() + patienceMs
    while (performance.now() < end && (await others(client)) > 0) await pause(20)
  } catch {
    // A database that is down has no sessions.
    return
  } finally {
    await client.end()
  }
}

async function others(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where backend_type = 'client backend' and datname = current_database() and pid <> pg_backend_pid()`,
  )
  return rows[0]?.count ?? 0
}
