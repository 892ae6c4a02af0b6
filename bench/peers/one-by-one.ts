import { randomUUID } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'

/** The two usual ways, as they are usually written, on tables with only what they need. */
export async function oneByOne(pool: Pool, units: number) {
  await pool.query(`
    create schema peer;
    create table peer.lot (id text primary key, left_units int not null, per_buyer int not null) with (fillfactor = 50);
    create table peer.reservation (id text primary key, lot_id text not null references peer.lot (id), buyer text not null, quantity int not null,
      key text not null, expires_at timestamptz not null, unique (lot_id, buyer, key));
  `)
  await pool.query('insert into peer.lot values ($1, $3, 2), ($2, $3, 2)', ['naive', 'cte', units])
  return {
    naive: (clients: number, forMs: number) => repeat(clients, forMs, () => withClient(pool, naive)),
    cte: (clients: number, forMs: number) => repeat(clients, forMs, () => cte(pool)),
    /** Units sold beyond what the lot lost. */
    async oversold(): Promise<number> {
      const { rows } = await pool.query<{ off: string }>(
        'select coalesce(sum(abs($1 - l.left_units - (select coalesce(sum(quantity), 0) from peer.reservation where lot_id = l.id))), 0) as off from peer.lot l',
        [units],
      )
      return Number(rows[0]?.off)
    },
  }
}

async function repeat(clients: number, forMs: number, order: () => Promise<void>): Promise<number> {
  let done = 0
  const startedAt = performance.now()
  const endsAt = startedAt + forMs
  async function buyer(): Promise<void> {
    while (performance.now() < endsAt) {
      await order()
      done++
    }
  }
  await Promise.all(Array.from({ length: clients }, buyer))
  return (done / (performance.now() - startedAt)) * 1000
}

async function withClient(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await work(client)
  } finally {
    client.release()
  }
}

async function naive(client: PoolClient): Promise<void> {
  const buyer = randomUUID()
  await client.query('begin')
  const { rows } = await client.query<{ left_units: number; per_buyer: number }>({
    name: 'naive lock',
    text: 'select left_units, per_buyer from peer.lot where id = $1 for update',
    values: ['naive'],
  })
  const mine = await client.query<{ units: string }>({
    name: 'naive mine',
    text: 'select coalesce(sum(quantity), 0) as units from peer.reservation where lot_id = $1 and buyer = $2',
    values: ['naive', buyer],
  })
  const lot = rows[0] as { left_units: number; per_buyer: number }
  if (lot.left_units < 1 || Number(mine.rows[0]?.units) + 1 > lot.per_buyer) return void (await client.query('rollback'))
  await client.query({
    name: 'naive insert',
    text: "insert into peer.reservation values ($1, $2, $3, 1, 'the-first-tap', now() + interval '10 minutes')",
    values: [randomUUID(), 'naive', buyer],
  })
  await client.query({
    name: 'naive update',
    text: 'update peer.lot set left_units = left_units - 1 where id = $1',
    values: ['naive'],
  })
  await client.query('commit')
}

const one = `
  with taken as (
    update peer.lot set left_units = left_units - 1 where id = $2 and left_units >= 1
      and (select coalesce(sum(quantity), 0) from peer.reservation where lot_id = $2 and buyer = $3) < per_buyer
    returning id
  )
  insert into peer.reservation select $1, id, $3, 1, 'the-first-tap', now() + interval '10 minutes' from taken`

async function cte(pool: Pool): Promise<void> {
  await pool.query({ name: 'cte', text: one, values: [randomUUID(), 'cte', randomUUID()] })
}
