import { changeShop, giveRole } from '@efir/contract/identity.ts'
import { platformAudit, shopAudit } from '@efir/contract/operating.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { auditCheck, cutAudit, shortened } from '../../kernel/audit.ts'
import { sql } from '../../kernel/sql.ts'

let world: World
let operator: TestPerson
beforeAll(async () => {
  world = await openWorld()
  operator = await world.person({ operator: true })
})
afterAll(() => world[Symbol.asyncDispose]())

async function shopWithHistory() {
  const shop = await world.shop()
  const person = await world.person({ kind: 'account' })
  await world.must(shop.owner, giveRole, { shopId: shop.id, personId: person.id, role: 'manager' } as never)
  await world.must(shop.owner, changeShop, { shopId: shop.id, name: 'Another name' } as never)
  return shop
}

test('who did what is written with the act, and the owner sees their own shop alone', async () => {
  const [one, other] = [await shopWithHistory(), await shopWithHistory()]
  const seen = await world.must(one.owner, shopAudit, { shopId: one.id })
  expect(seen.items.map((item) => item.act)).toEqual(['changeShop', 'giveRole'])
  expect(seen.items[0]).toMatchObject({ personId: one.owner.id, shopId: one.id, address: '127.0.0.0/24' })
  expect(seen.items[0]?.requestId).toMatch(/^req_/)
  expect((await world.call(one.owner, shopAudit, { shopId: other.id })).ok).toBe(false)
  const all = await world.must(operator, platformAudit, { act: 'giveRole', limit: 1 })
  expect(all.items.map((item) => item.shopId)).toEqual([other.id])
  expect((await world.must(operator, platformAudit, { act: 'giveRole', after: all.next })).items[0]?.shopId).toBe(one.id)
})

test('an act that is refused leaves no row', async () => {
  const shop = await shopWithHistory()
  const answer = await world.call(shop.owner, giveRole, {
    shopId: shop.id,
    personId: world.kernel.ids.make('person'),
    role: 'manager',
  } as never)
  expect(answer.ok).toBe(false)
  expect((await world.must(shop.owner, shopAudit, { shopId: shop.id })).items).toHaveLength(2)
})

test('rows are only appended, and one that was changed or taken out all the same is found', async () => {
  await shopWithHistory()
  const { db } = world.kernel
  expect(await auditCheck.run(world.ctx)).toEqual([])
  await expect(db.run(sql`update kernel.audit set person_name = 'Nobody'`)).rejects.toThrow('only appended')
  await expect(db.run(sql`delete from kernel.audit`)).rejects.toThrow('only appended')
  await db.run(sql`alter table kernel.audit disable trigger audit_append_only`)
  const { pos, act } = await db.one<{ pos: number; act: string }>(
    sql`select pos, act from kernel.audit order by pos desc limit 1`,
  )
  await db.run(sql`update kernel.audit set act = 'createProduct' where pos = ${pos}`)
  expect(await auditCheck.run(world.ctx)).toEqual([`audit row ${pos} (createProduct) was changed`])
  await db.run(sql`update kernel.audit set act = ${act} where pos = ${pos}`)
  expect(await auditCheck.run(world.ctx)).toEqual([])
  await db.run(sql`alter table kernel.audit enable trigger audit_append_only`)
})

test('what is too old is cut off, and the rest still proves itself', async () => {
  const shop = await shopWithHistory()
  const gone = await world.tx((tx) => cutAudit(tx, world.clock.now() + 1))
  expect(gone).toBeGreaterThan(1)
  expect((await world.must(shop.owner, shopAudit, { shopId: shop.id })).items).toEqual([])
  await shopWithHistory()
  expect(await auditCheck.run(world.ctx)).toEqual([])
})

test('addresses are kept as networks', () => {
  expect(shortened('203.0.113.77')).toBe('203.0.113.0/24')
  expect(shortened('::ffff:203.0.113.77')).toBe('203.0.113.0/24')
  expect(shortened('2001:db8:7:1:aaaa::1')).toBe('2001:db8:7::/48')
})
