import {
  markPayoutPaid,
  openPayouts,
  platformBalances,
  recordSettlement,
  refusePayout,
  requestPayout,
  shopBalances,
  shopPayouts,
  shopStatement,
} from '@efir/contract/ledger.ts'
import { money } from '@efir/contract/money.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import { verifierChecks } from './contributes.ts'
import { buyer, clearing, move, shop } from './verbs/accounts.ts'
import { post, reverse } from './verbs/transfers.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

const differences = async () => (await Promise.all(verifierChecks.map((c) => c.run(world.ctx)))).flat()
let causes = 0
const cause = () => `test:${++causes}`

async function sell(shopId: string, amount: number, currency = 'EUR'): Promise<string> {
  const name = cause()
  await world.tx((tx) =>
    post(tx, { kind: 'sale', cause: name, shopId, entries: move(money(amount, currency), shop(shopId), buyer('per_someone')) }),
  )
  return name
}
const owed = async (shopId: string, owner: Awaited<ReturnType<World['shop']>>['owner']) =>
  (await world.must(owner, shopBalances, { shopId })).balances[0]?.owed.amount ?? 0

test('[LED1] the database refuses a transfer that does not balance, whoever writes it', async () => {
  const { id: shopId } = await world.shop()
  await sell(shopId, 100)
  const crooked = world.tx(async (tx) => {
    const id = tx.newId('transfer')
    await tx.run(
      sql`insert into ledger.transfer (id, kind, cause, digest, entry_count, at) values (${id}, 'sale', ${cause()}, 'x', 2, now())`,
    )
    await tx.run(
      sql`insert into ledger.entry (id, transfer_id, account_id, amount, currency)
          select ${id} || kind, ${id}, id, case kind when 'shop' then -100 else 99 end, 'EUR' from ledger.account where currency = 'EUR' and (owner_id = ${shopId} or owner_id = 'per_someone')`,
    )
  })
  await expect(crooked).rejects.toThrow(/does not sum to zero/)
  expect(await differences()).toEqual([])
})

test('[LED2] a transfer without its entries, and an entry added later, are refused', async () => {
  const { id: shopId } = await world.shop()
  const name = await sell(shopId, 100)
  const bare = world.tx((tx) =>
    tx.run(
      sql`insert into ledger.transfer (id, kind, cause, digest, entry_count, at) values (${tx.newId('transfer')}, 'sale', ${cause()}, 'x', 2, now())`,
    ),
  )
  await expect(bare).rejects.toThrow(/has 0 entries/)
  const later = world.tx(async (tx) => {
    await tx.run(
      sql`insert into ledger.entry (id, transfer_id, account_id, amount, currency)
          select e.id || 'x', e.transfer_id, e.account_id, e.amount, e.currency from ledger.entry e join ledger.transfer t on t.id = e.transfer_id where t.cause = ${name}`,
    )
  })
  await expect(later).rejects.toThrow(/has 4 entries, expected 2/)
})

test('[LED3] nothing is changed, deleted or emptied', async () => {
  const { id: shopId } = await world.shop()
  await sell(shopId, 100)
  for (const change of [
    sql`update ledger.entry set amount = amount * 2`,
    sql`delete from ledger.entry`,
    sql`update ledger.transfer set kind = 'cash'`,
    sql`delete from ledger.transfer`,
    sql`update ledger.account set owner_id = 'x'`,
    sql`delete from ledger.account`,
    sql`truncate ledger.entry`,
    sql`truncate ledger.transfer cascade`,
  ]) {
    await expect(world.kernel.db.run(change)).rejects.toThrow(/append only/)
  }
})

test('[LED4] the same cause again is a replay; with other contents it is a defect', async () => {
  const { id: shopId, owner } = await world.shop()
  const name = cause()
  const draft = (amount: number) => ({
    kind: 'sale' as const,
    cause: name,
    shopId,
    entries: move(money(amount, 'EUR'), shop(shopId), buyer('per_x')),
  })
  const first = await world.tx((tx) => post(tx, draft(500)))
  const again = await Promise.all([1, 2, 3, 4].map(() => world.tx((tx) => post(tx, draft(500)))))
  expect(again).toEqual(again.map(() => ({ transferId: first.transferId, replay: true })))
  await expect(world.tx((tx) => post(tx, draft(501)))).rejects.toThrow(/other contents/)
  expect(await owed(shopId, owner)).toBe(500)
})

test('[LED4] one cause posted by many at once is posted once, with accounts opened once', async () => {
  const { id: shopId, owner } = await world.shop()
  const name = cause()
  const all = await Promise.all(
    Array.from({ length: 8 }, () =>
      world.tx((tx) =>
        post(tx, { kind: 'sale', cause: name, shopId, entries: move(money(70, 'EUR'), shop(shopId), buyer(`per_${name}`)) }),
      ),
    ),
  )
  expect(all.filter((p) => !p.replay)).toHaveLength(1)
  expect(await owed(shopId, owner)).toBe(70)
})

test('[LED5] a reversal is the exact opposite, once, and is not reversed itself', async () => {
  const { id: shopId, owner } = await world.shop()
  const name = await sell(shopId, 900)
  const first = await world.tx((tx) => reverse(tx, { cause: name }))
  expect(await world.tx((tx) => reverse(tx, { cause: name }))).toEqual({ transferId: first.transferId, replay: true })
  await expect(world.tx((tx) => reverse(tx, { cause: `reversal:${name}` }))).rejects.toThrow(/not reversed/)
  const { balances } = await world.must(owner, shopBalances, { shopId })
  expect(balances[0]).toMatchObject({ owed: { amount: 0 }, sales: { amount: 0 } })
})

test('[LED6] an entry cannot have another currency than its account', async () => {
  const { id: shopId } = await world.shop()
  const name = await sell(shopId, 100)
  const mixed = world.kernel.db.run(
    sql`insert into ledger.entry (id, transfer_id, account_id, amount, currency)
        select 'ent_x', e.transfer_id, e.account_id, 1, 'USD' from ledger.entry e join ledger.transfer t on t.id = e.transfer_id where t.cause = ${name} limit 1`,
  )
  await expect(mixed).rejects.toThrow(/foreign key/)
})

test('[LED6] currencies of 0, 2 and 3 decimals are kept apart', async () => {
  const { id: shopId, owner } = await world.shop()
  await sell(shopId, 500, 'JPY')
  await sell(shopId, 1999, 'EUR')
  await sell(shopId, 12_345, 'KWD')
  const { balances } = await world.must(owner, shopBalances, { shopId })
  expect(balances.map((b) => [b.currency, b.owed.amount, b.platformShare.amount])).toEqual([
    ['EUR', 1999, 0],
    ['JPY', 500, 0],
    ['KWD', 12_345, 0],
  ])
})

test('[LED7] ten owners at once cannot spend the same balance', async () => {
  const { id: shopId, owner } = await world.shop()
  await sell(shopId, 1000)
  const asks = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      world.call(owner, requestPayout, { shopId, key: `payout-key-${i}`, amount: { amount: 300, currency: 'EUR' } }),
    ),
  )
  expect(asks.filter((a) => a.ok)).toHaveLength(3)
  expect(asks.filter((a) => !a.ok && a.refusal === 'payout_too_large')).toHaveLength(7)
  expect(await owed(shopId, owner)).toBe(100)
  const repeat = asks.findIndex((a) => a.ok)
  expect(
    await world.must(owner, requestPayout, { shopId, key: `payout-key-${repeat}`, amount: { amount: 300, currency: 'EUR' } }),
  ).toEqual(asks[repeat]!.ok && asks[repeat]!.value)
  expect(await owed(shopId, owner)).toBe(100)
})

test('[LED7] [LED8] a payout is paid, or refused and the amount comes back; once', async () => {
  const { id: shopId, owner } = await world.shop()
  const operator = await world.person({ operator: true })
  await sell(shopId, 1000)
  const paid = await world.must(owner, requestPayout, { shopId, key: 'first-payout', amount: { amount: 600, currency: 'EUR' } })
  const refused = await world.must(owner, requestPayout, {
    shopId,
    key: 'second-payout',
    amount: { amount: 400, currency: 'EUR' },
  })
  expect((await world.must(operator, openPayouts, {})).items.filter((p) => p.shopId === shopId).map((p) => p.id)).toEqual([
    paid.id,
    refused.id,
  ])
  expect(await world.must(operator, markPayoutPaid, { payoutId: paid.id, reference: 'bank 77' })).toMatchObject({
    state: 'paid',
    reference: 'bank 77',
  })
  expect(await world.must(operator, refusePayout, { payoutId: refused.id, reason: 'wrong account' })).toMatchObject({
    state: 'refused',
  })
  for (const again of [
    await world.call(operator, markPayoutPaid, { payoutId: refused.id, reference: 'x' }),
    await world.call(operator, refusePayout, { payoutId: paid.id, reason: 'x' }),
  ]) {
    expect(again).toMatchObject({ ok: false, refusal: 'payout_state' })
  }
  const { balances } = await world.must(owner, shopBalances, { shopId })
  expect(balances[0]).toMatchObject({ owed: { amount: 400 }, inTransit: { amount: 0 }, paidOut: { amount: 600 } })
  expect((await world.must(owner, shopPayouts, { shopId })).items.map((p) => p.state)).toEqual(['refused', 'paid'])
  expect(await world.call(owner, markPayoutPaid, { payoutId: paid.id, reference: 'x' })).toMatchObject({
    ok: false,
    refusal: 'not_allowed',
  })
})

test('[LED10] pages of a statement run to the balance', async () => {
  const { id: shopId, owner } = await world.shop()
  for (let i = 1; i <= 7; i++) await sell(shopId, i * 100)
  const lines: { amount: { amount: number }; after: { amount: number } }[] = []
  let after: string | undefined
  do {
    const page = await world.must(owner, shopStatement, { shopId, currency: 'EUR', limit: 3, after })
    lines.push(...page.items)
    after = page.next
  } while (after)
  expect(lines.map((l) => l.after.amount)).toEqual([2800, 2100, 1500, 1000, 600, 300, 100])
  expect(lines[0]?.after.amount).toBe(await owed(shopId, owner))
})

test('[LED9] all accounts together sum to zero', async () => {
  const operator = await world.person({ operator: true })
  const first = await world.must(operator, recordSettlement, {
    key: 'settle-1234',
    provider: 'test',
    amount: { amount: 5000, currency: 'EUR' },
  })
  expect(
    await world.must(operator, recordSettlement, {
      key: 'settle-1234',
      provider: 'test',
      amount: { amount: 5000, currency: 'EUR' },
    }),
  ).toEqual(first)
  const { balances } = await world.must(operator, platformBalances, {})
  for (const currency of new Set(balances.map((b) => b.currency)))
    expect(balances.filter((b) => b.currency === currency).reduce((sum, b) => sum + b.amount.amount, 0)).toBe(0)
  expect(balances.find((b) => b.kind === 'clearing')?.amount.amount).toBe(-5000)
})

test('[LED11] the verifier finds what was changed behind the triggers', async () => {
  await using other = await openWorld()
  const { id: shopId } = await other.shop()
  await other.tx((tx) =>
    post(tx, { kind: 'capture', cause: 'a', shopId, entries: move(money(100, 'EUR'), buyer('per_x'), clearing('test')) }),
  )
  await other.tx(async (tx) => {
    await tx.run(sql`set local session_replication_role = replica`)
    await tx.run(sql`update ledger.entry set amount = 101 where amount = 100`)
  })
  const found = (await Promise.all(verifierChecks.map((c) => c.run(other.ctx)))).flat()
  expect(found).toHaveLength(2)
  expect(found.join()).toMatch(/off by 1 EUR/)
})
