import { money } from '@efir/contract/money.ts'
import type { Tx } from '../../../kernel/context.ts'
import { assert, found } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { checkBalanced, digestOf, reversed } from '../rules.ts'
import type { AccountKind, AccountRef, EntryDraft, TransferDraft, TransferKind, TransferRow } from '../tables.ts'

export interface Posted {
  readonly transferId: string
  /** True when this cause had been posted before. */
  readonly replay: boolean
}

/** Writes one transfer. The same cause again is a replay; with other contents it is a defect. */
export async function post(tx: Tx, draft: TransferDraft): Promise<Posted> {
  checkBalanced(draft.entries)
  return await write(tx, { ...draft, digest: digestOf(draft) })
}

/** Undoes a transfer by its cause with the opposite entries. A transfer is reversed at most once. */
export async function reverse(tx: Tx, input: { cause: string }): Promise<Posted> {
  const original = found(await tx.maybe<TransferRow>(sql`select * from ledger.transfer where cause = ${input.cause}`))
  assert(original.kind !== 'reversal', 'a reversal is not reversed; post the transfer again under a new cause')
  const entries = reversed(await entriesOf(tx, original.id))
  return await write(tx, {
    kind: 'reversal',
    cause: `reversal:${original.cause}`,
    entries,
    digest: digestOf({ kind: 'reversal', entries }),
    shopId: original.shop_id ?? undefined,
    orderId: original.order_id ?? undefined,
    paymentId: original.payment_id ?? undefined,
    reverses: original.id,
  })
}

interface Writing extends Omit<TransferDraft, 'kind'> {
  kind: TransferKind
  digest: string
  reverses?: string
}

async function write(tx: Tx, draft: Writing): Promise<Posted> {
  const id = tx.newId('transfer')
  const made = await tx.run(
    sql`insert into ledger.transfer (id, kind, cause, digest, entry_count, shop_id, order_id, payment_id, reverses, at)
        values (${id}, ${draft.kind}, ${draft.cause}, ${draft.digest}, ${draft.entries.length}, ${draft.shopId ?? null}, ${draft.orderId ?? null},
                ${draft.paymentId ?? null}, ${draft.reverses ?? null}, ${at(tx.now)})
        on conflict (cause) do nothing`,
  )
  if (made === 0) {
    const before = await tx.one<TransferRow>(sql`select * from ledger.transfer where cause = ${draft.cause}`)
    assert(before.digest === draft.digest, `cause ${draft.cause} was posted with other contents`)
    return { transferId: before.id, replay: true }
  }
  const accounts = await openAccounts(tx, draft.entries)
  await tx.run(
    sql`insert into ledger.entry (id, transfer_id, account_id, amount, currency)
        select e.id, ${id}, e.account_id, e.amount, e.currency
        from unnest(${draft.entries.map(() => tx.newId('entry'))}::text[], ${draft.entries.map((e) => accounts.get(accountKey(e.account, e.amount.currency)))}::text[],
                    ${draft.entries.map((e) => e.amount.amount)}::bigint[], ${draft.entries.map((e) => e.amount.currency)}::text[]) as e (id, account_id, amount, currency)`,
  )
  return { transferId: id, replay: false }
}

const accountKey = (account: AccountRef, currency: string): string => `${account.kind} ${account.ownerId} ${currency}`

/** Ids of the accounts of these entries; those that do not exist are opened. */
async function openAccounts(tx: Tx, entries: readonly EntryDraft[]): Promise<Map<string, string>> {
  const wanted = new Map(entries.map((e) => [accountKey(e.account, e.amount.currency), e]))
  // Sorted, so that two transactions opening the same accounts never wait for each other in a circle.
  const list = [...wanted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, e]) => e)
  const columns = sql`unnest(${list.map((e) => e.account.kind)}::text[], ${list.map((e) => e.account.ownerId)}::text[], ${list.map((e) => e.amount.currency)}::text[])`
  const read = () =>
    tx.rows<{ id: string; kind: AccountKind; owner_id: string; currency: string }>(
      sql`select a.id, a.kind, a.owner_id, a.currency from ledger.account a join ${columns} as w (kind, owner_id, currency) using (kind, owner_id, currency)`,
    )
  let rows = await read()
  if (rows.length < list.length) {
    await tx.run(
      sql`insert into ledger.account (id, kind, owner_id, currency, opened_at)
          select i.id, w.kind, w.owner_id, w.currency, ${at(tx.now)}
          from ${columns} with ordinality as w (kind, owner_id, currency, n)
          join unnest(${list.map(() => tx.newId('account'))}::text[]) with ordinality as i (id, n) using (n)
          order by n on conflict do nothing`,
    )
    rows = await read()
  }
  return new Map(rows.map((r) => [accountKey({ kind: r.kind, ownerId: r.owner_id }, r.currency), r.id]))
}

async function entriesOf(tx: Tx, transferId: string): Promise<EntryDraft[]> {
  const rows = await tx.rows<{ kind: AccountKind; owner_id: string; amount: number; currency: string }>(
    sql`select a.kind, a.owner_id, e.amount, e.currency from ledger.entry e join ledger.account a on a.id = e.account_id where e.transfer_id = ${transferId} order by e.id`,
  )
  return rows.map((r) => ({ account: { kind: r.kind, ownerId: r.owner_id }, amount: money(r.amount, r.currency) }))
}
