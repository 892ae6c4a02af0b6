import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/ledger.ts'
import { type Money, money } from '@efir/contract/money.ts'
import { personOf, type Tx } from '../../../kernel/context.ts'
import { found, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { payoutPaid, payoutRefused, payoutRequested } from '../events.ts'
import { owedOf } from '../rules.ts'
import type { PayoutRow } from '../tables.ts'
import { payoutView } from '../views.ts'
import { clearing, move, platform, shop, transit } from './accounts.ts'
import { post, reverse } from './transfers.ts'

/** Takes turns on the shop's account, so that two requests cannot spend the same balance. */
async function lockedOwed(tx: Tx, shopId: string, currency: string): Promise<Money> {
  const account = await tx.maybe<{ id: string }>(
    sql`select id from ledger.account where kind = 'shop' and owner_id = ${shopId} and currency = ${currency} for update`,
  )
  if (!account) return money(0, currency)
  const { balance } = await tx.one<{ balance: number }>(
    sql`select coalesce(sum(amount), 0)::bigint as balance from ledger.entry where account_id = ${account.id}`,
  )
  return owedOf(balance, currency)
}

export async function requestPayout(
  tx: Tx,
  input: In<typeof contract.requestPayout>,
): Promise<Out<typeof contract.requestPayout>> {
  const owed = await lockedOwed(tx, input.shopId, input.amount.currency)
  const before = await tx.maybe<PayoutRow>(
    sql`select * from ledger.payout where shop_id = ${input.shopId} and key = ${input.key}`,
  )
  if (before) return await payoutView(tx, before.id)
  refuseIf(input.amount.amount === 0 || input.amount.amount > owed.amount, 'payout_too_large', {
    owed: owed.amount,
    currency: owed.currency,
  })
  const payoutId = tx.newId('payout')
  await tx.run(
    sql`insert into ledger.payout (id, shop_id, key, amount, currency, state, requested_by, requested_at)
        values (${payoutId}, ${input.shopId}, ${input.key}, ${input.amount.amount}, ${input.amount.currency}, 'requested', ${personOf(tx)}, ${at(tx.now)})`,
  )
  await post(tx, {
    kind: 'payout_asked',
    cause: `payout:${payoutId}:asked`,
    shopId: input.shopId,
    entries: move(input.amount, transit(input.shopId), shop(input.shopId)),
  })
  await tx.announce(payoutRequested, { payoutId, shopId: input.shopId, ...input.amount }, input.shopId)
  return await payoutView(tx, payoutId)
}

async function openPayout(tx: Tx, payoutId: string): Promise<PayoutRow> {
  const payout = found(await tx.maybe<PayoutRow>(sql`select * from ledger.payout where id = ${payoutId} for update`))
  refuseIf(payout.state !== 'requested', 'payout_state', { state: payout.state })
  return payout
}

export async function markPayoutPaid(
  tx: Tx,
  input: In<typeof contract.markPayoutPaid>,
): Promise<Out<typeof contract.markPayoutPaid>> {
  const payout = await openPayout(tx, input.payoutId)
  const amount = money(payout.amount, payout.currency)
  await tx.run(
    sql`update ledger.payout set state = 'paid', reference = ${input.reference}, settled_at = ${at(tx.now)} where id = ${payout.id}`,
  )
  await post(tx, {
    kind: 'payout_paid',
    cause: `payout:${payout.id}:paid`,
    shopId: payout.shop_id,
    entries: move(amount, platform, transit(payout.shop_id)),
  })
  await tx.announce(
    payoutPaid,
    { payoutId: payout.id, shopId: payout.shop_id, ...amount, reference: input.reference },
    payout.shop_id,
  )
  return await payoutView(tx, payout.id)
}

export async function refusePayout(tx: Tx, input: In<typeof contract.refusePayout>): Promise<Out<typeof contract.refusePayout>> {
  const payout = await openPayout(tx, input.payoutId)
  await tx.run(
    sql`update ledger.payout set state = 'refused', reference = ${input.reason}, settled_at = ${at(tx.now)} where id = ${payout.id}`,
  )
  await reverse(tx, { cause: `payout:${payout.id}:asked` })
  await tx.announce(
    payoutRefused,
    { payoutId: payout.id, shopId: payout.shop_id, amount: payout.amount, currency: payout.currency, reason: input.reason },
    payout.shop_id,
  )
  return await payoutView(tx, payout.id)
}

export async function recordSettlement(
  tx: Tx,
  input: In<typeof contract.recordSettlement>,
): Promise<Out<typeof contract.recordSettlement>> {
  refuseIf(input.amount.amount === 0, 'bad_input', { field: 'amount', problem: 'must not be zero' })
  const { transferId } = await post(tx, {
    kind: 'settlement',
    cause: `settlement:${input.provider}:${input.key}`,
    entries: move(money(input.amount.amount, input.amount.currency), clearing(input.provider), platform),
  })
  return { transferId }
}
