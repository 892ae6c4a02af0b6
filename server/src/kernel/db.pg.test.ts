import { expect, test } from 'vitest'
import { cloneDatabase } from '../../test/database.ts'
import { openDb } from './db.ts'
import { openLog } from './log.ts'
import { sql } from './sql.ts'

const open = async () => {
  const database = await cloneDatabase()
  const db = openDb({ url: database.url, size: 2, log: openLog('silent') })
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}

test('a connection that dies in a transaction fails that transaction and nothing else', async () => {
  await using world = await open()
  const faults: unknown[] = []
  const onFault = (fault: unknown) => void faults.push(fault)
  process.on('uncaughtException', onFault)
  try {
    const dying = world.db.transaction(async (connection) => {
      const { pid } = await connection.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await world.db.run(sql`select pg_terminate_backend(${pid})`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      await connection.run(sql`select 1`)
    })
    await expect(dying).rejects.toThrow()
    expect(await world.db.one(sql`select 1 as one`)).toEqual({ one: 1 })
    expect(faults).toEqual([])
  } finally {
    process.off('uncaughtException', onFault)
  }
})

test('a transaction that PostgreSQL wants repeated is repeated, any other failure is undone', async () => {
  await using world = await open()
  await world.db.run(sql`create table tried (n int)`)
  let tries = 0
  await world.db.transaction(async (connection) => {
    await connection.run(sql`insert into tried values (${++tries})`)
    if (tries < 3) throw Object.assign(new Error('could not serialize'), { code: '40001' })
  })
  await expect(
    world.db.transaction(async (connection) => {
      await connection.run(sql`insert into tried values (99)`)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await world.db.rows(sql`select n from tried`)).toEqual([{ n: 3 }])
})

test('more transactions than connections wait their turn', async () => {
  await using world = await open()
  const done = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      world.db.transaction(async (c) => (await c.one<{ n: number }>(sql`select ${n}::int as n`)).n),
    ),
  )
  expect(done).toEqual(Array.from({ length: 20 }, (_, n) => n))
})
