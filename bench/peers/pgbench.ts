import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

/** What commits allow: single rows, one commit each, from many connections. Rows per second. */
export async function pgbenchInserts(url: string, clients: number, forMs: number): Promise<number> {
  const admin = new Client({ connectionString: url })
  await admin.connect()
  try {
    await admin.query('create schema if not exists peer')
    await admin.query(
      'create table if not exists peer.row (id bigint generated always as identity primary key, lot_id int not null, buyer int not null, at timestamptz not null default now())',
    )
    return (await byPgbench(url, clients, forMs)) ?? (await byOurselves(url, clients, forMs))
  } finally {
    await admin.end()
  }
}

const usualPerSecond = 12_000

/** Null when there is no pgbench on this machine. */
async function byPgbench(url: string, clients: number, forMs: number): Promise<number | null> {
  const folder = mkdtempSync(join(tmpdir(), 'efir-pgbench-'))
  const script = join(folder, 'insert.sql')
  writeFileSync(script, '\\set buyer random(1, 2000000000)\ninsert into peer.row (lot_id, buyer) values (1, :buyer);\n')
  // It counts whole seconds only; so many rows take about forMs.
  const each = String(Math.ceil((usualPerSecond * forMs) / 1000 / clients))
  const args = ['-n', '-f', script, '-c', String(clients), '-j', '2', '-t', each, url]
  try {
    const output = await new Promise<string>((resolve, reject) =>
      execFile('pgbench', args, (problem, out) => (problem ? reject(problem) : resolve(out))),
    )
    return Number(/tps = ([0-9.]+)/.exec(output)?.[1])
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw problem
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same from here: costs more than pgbench does, so it flatters us; the output says which one ran. */
async function byOurselves(url: string, clients: number, forMs: number): Promise<number> {
  console.log('pgbench is not installed: its work is done by our own connections')
  const connections = Array.from({ length: clients }, () => new Client({ connectionString: url }))
  await Promise.all(connections.map((c) => c.connect()))
  let rows = 0
  const startedAt = performance.now()
  const endsAt = startedAt + forMs
  await Promise.all(
    connections.map(async (c) => {
      while (performance.now() < endsAt) {
        await c.query({ name: 'insert', text: 'insert into peer.row (lot_id, buyer) values (1, $1)', values: [rows] })
        rows++
      }
    }),
  )
  const perSecond = (rows / (performance.now() - startedAt)) * 1000
  await Promise.all(connections.map((c) => c.end()))
  return perSecond
}
