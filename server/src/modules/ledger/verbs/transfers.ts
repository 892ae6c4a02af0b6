import { money } from '@efir/contract/money.ts'
import type { Tx } from '../../../kernel/context.ts'
import { assert, found } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { checkBalanced, digestOf, reversed } from '../rules.ts'
import type { AccountKind, EntryDraft, TransferDraft, TransferKind, TransferRow } from '../tables.ts'

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
  const entries = draft.entries.toSorted((a, b) => (accountKey(a) < accountKey(b) ? -1 : 1))
  const row = await tx.one<{ transfer_id: string; known_digest: string | null }>(
    sql`select * from ledger.post(${tx.newId('transfer')}, ${draft.kind}, ${draft.cause}, ${draft.digest}, ${draft.shopId ?? null}, ${draft.orderId ?? null}, ${draft.paymentId ?? null},
          ${draft.reverses ?? null}, ${at(tx.now)}, ${entries.map(() => tx.newId('entry'))}, ${entries.map(() => tx.newId('account'))}, ${entries.map((e) => e.account.kind)},
          ${entries.map((e) => e.account.ownerId)}, ${entries.map((e) => e.amount.amount)}, ${entries.map((e) => e.amount.currency)})`,
  )
  assert(row.known_digest === null || row.known_digest === draft.digest, `cause ${draft.cause} was posted with other contents`)
  return { transferId: row.transfer_id, replay: row.known_digest !== null }
}

const accountKey = (entry: EntryDraft): string => `${entry.account.kind} ${entry.account.ownerId} ${entry.amount.currency}`

async function entriesOf(tx: Tx, transferId: string): Promise<EntryDraft[]> {
  const rows = await tx.rows<{ kind: AccountKind; owner_id: string; amount: number; currency: string }>(
    sql`select a.kind, a.owner_id, e.amount, e.currency from ledger.entry e join ledger.account a on a.id = e.account_id where e.transfer_id = ${transferId} order by e.id`,
  )
  return rows.map((r) => ({ account: { kind: r.kind, ownerId: r.owner_id }, amount: money(r.amount, r.currency) }))
}
