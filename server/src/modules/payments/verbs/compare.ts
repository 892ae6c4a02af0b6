import type { In, Out } from '@efir/contract/act.ts'
import { type Money, money, negate } from '@efir/contract/money.ts'
import type * as contract from '@efir/contract/payments.ts'
import type { Tx } from '../../../kernel/context.ts'
import { found, Refusal } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { clearing, move, platform } from '../../ledger/verbs/accounts.ts'
import { post } from '../../ledger/verbs/transfers.ts'
import type { Providers } from '../ports.ts'
import { type ReportLine, readReport } from '../report.ts'
import type { AccountRow, PaymentRow, RefundRow } from '../tables.ts'
import { bookFee } from './apply.ts'

type Compared = Out<typeof contract.compareReport>
type Difference = Compared['differences'][number]
const shown = 500

/**
 * Holds a provider's balance report against the ledger. What both know is matched; fees that nobody had told are booked, and payouts to
 * the platform's bank. What only one side knows, or knows with another amount, is listed and changes nothing.
 */
export async function compareReport(
  tx: Tx,
  providers: Pick<Providers, 'named'>,
  input: In<typeof contract.compareReport>,
): Promise<Compared> {
  const read = readReport(input.csv)
  if (!read.ok) throw new Refusal('bad_input', { field: 'csv', problem: `line ${read.line} ${read.problem}` })
  const account = found(await tx.maybe<AccountRow>(sql`select * from payments.account where id = ${input.accountId}`))
  const name = `${account.provider}:${account.id}`
  const provider = await providers.named(tx, name)
  const payments = new Map(
    (
      await tx.rows<PaymentRow>(
        sql`select * from payments.payment where provider = ${name} and provider_ref = any(${read.lines.map((l) => l.paymentRef)}) for update`,
      )
    ).map((row) => [row.provider_ref, row]),
  )
  const refunds = new Map(
    (
      await tx.rows<RefundRow>(
        sql`select r.* from payments.refund r join payments.payment p on p.id = r.payment_id where p.provider = ${name} and r.provider_ref = any(${read.lines.map((l) => l.source)})`,
      )
    ).map((row) => [row.provider_ref, row]),
  )
  const differences: Difference[] = []
  let matched = 0
  let feesBooked = 0
  for (const line of read.lines) {
    const told = judge(line, { payments, refunds, platform: account.shop_id === null })
    if (told === 'payout') await bookPayout(tx, name, line)
    if (typeof told === 'object') differences.push(told)
    else matched++
    const payment = line.kind === 'charge' ? payments.get(line.paymentRef) : undefined
    if (payment && told === 'same' && payment.fee_amount === 0 && line.fee.amount > 0) {
      await bookFee(tx, payment, provider, line.fee.amount)
      feesBooked++
    }
  }
  differences.push(...(await missingThere(tx, name, read.lines)))
  return {
    lines: read.lines.length,
    matched,
    feesBooked,
    differences: differences.slice(0, shown),
    more: Math.max(0, differences.length - shown),
  }
}

interface Known {
  readonly payments: ReadonlyMap<string | null, PaymentRow>
  readonly refunds: ReadonlyMap<string | null, RefundRow>
  readonly platform: boolean
}

const differs = (line: ReportLine, kind: Difference['kind'], ours?: Money): Difference => ({
  kind,
  what: line.kind,
  source: line.source,
  at: line.at,
  theirs: line.gross,
  ...(ours ? { ours } : {}),
})
const same = (one: Money, other: Money) => one.amount === other.amount && one.currency === other.currency

function judge(line: ReportLine, known: Known): 'same' | 'payout' | Difference {
  if (line.kind === 'charge') {
    const payment = known.payments.get(line.paymentRef)
    if (!payment || payment.state !== 'captured') return differs(line, 'missing_here')
    const ours = money(payment.captured_amount, payment.currency)
    if (!same(ours, line.gross)) return differs(line, 'amount', ours)
    const fee = money(payment.fee_amount, payment.currency)
    return fee.amount === 0 || same(fee, line.fee) ? 'same' : { ...differs(line, 'fee', fee), theirs: line.fee }
  }
  if (line.kind === 'refund' || line.kind === 'refund_failure') {
    const refund = known.refunds.get(line.source)
    if (!refund) return differs(line, 'missing_here')
    const amount = money(refund.amount, refund.currency)
    const ours = line.kind === 'refund' ? negate(amount) : amount
    const settled = line.kind === 'refund' || refund.state === 'refused'
    return settled && same(ours, line.gross) ? 'same' : differs(line, 'amount', ours)
  }
  // A shop's own account pays out to the shop's bank, which is none of our books.
  if (line.kind === 'payout') return known.platform ? 'payout' : 'same'
  return differs(line, 'other')
}

/** Once for each payout of theirs, whichever report it comes in; one that comes back is booked the other way. */
async function bookPayout(tx: Tx, name: string, line: ReportLine): Promise<void> {
  if (line.gross.amount === 0) return
  const out = line.gross.amount < 0
  const amount = money(Math.abs(line.gross.amount), line.gross.currency)
  await post(tx, {
    kind: 'settlement',
    cause: `settlement:${name}:${line.source}${out ? '' : ':back'}`,
    entries: out ? move(amount, clearing(name), platform) : move(amount, platform, clearing(name)),
  })
}

/** Captures and refunds of ours in the time of the report that it does not know. */
async function missingThere(tx: Tx, name: string, lines: readonly ReportLine[]): Promise<Difference[]> {
  if (lines.length === 0) return []
  const from = Math.min(...lines.map((l) => l.at))
  const to = Math.max(...lines.map((l) => l.at)) + 1_000
  const rows = await tx.rows<{ what: string; ref: string; amount: number; currency: string; at: number }>(
    sql`select 'charge' as what, p.provider_ref as ref, p.captured_amount as amount, p.currency, t.at from payments.payment p
        join ledger.transfer t on t.cause = 'payment:' || p.id || ':capture' where p.provider = ${name} and t.at between ${at(from)} and ${at(to)}
        union all
        select 'refund', r.provider_ref, -r.amount, r.currency, t.at from payments.refund r join payments.payment p on p.id = r.payment_id
        join ledger.transfer t on t.cause = 'refund:' || r.id || ':paid' where p.provider = ${name} and t.at between ${at(from)} and ${at(to)} order by 5`,
  )
  const told = new Set([
    ...lines.filter((l) => l.kind === 'charge').map((l) => l.paymentRef),
    ...lines.filter((l) => l.kind === 'refund').map((l) => l.source),
  ])
  return rows
    .filter((row) => !told.has(row.ref))
    .map((row) => ({ kind: 'missing_there', what: row.what, source: row.ref, at: row.at, ours: money(row.amount, row.currency) }))
}
