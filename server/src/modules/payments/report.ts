import { type Money, majorToMoney } from '@efir/contract/money.ts'

/** One line of a provider's balance report. */
export interface ReportLine {
  readonly id: string
  readonly at: number
  readonly kind: string
  /** What it is about: a charge, a refund, a payout. */
  readonly source: string
  readonly paymentRef: string
  readonly gross: Money
  readonly fee: Money
}

export type ReadReport =
  | { readonly ok: true; readonly lines: readonly ReportLine[] }
  | { readonly ok: false; readonly line: number; readonly problem: string }

const most = 20_000

/** Comma-separated values (RFC 4180): quoted fields may hold commas, line breaks and doubled quotes. */
export function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string
    if (quoted) {
      if (sign !== '"') field += sign
      else if (text[i + 1] === '"') field += text[++i]
      else quoted = false
    } else if (sign === '"' && field === '') quoted = true
    else if (sign === ',') {
      row.push(field)
      field = ''
    } else if (sign === '\n') {
      rows.push([...row, field.replace(/\r$/, '')])
      row = []
      field = ''
    } else field += sign
  }
  if (field !== '' || row.length > 0) rows.push([...row, field.replace(/\r$/, '')])
  return rows
}

const needed = ['balance_transaction_id', 'currency', 'gross', 'fee', 'reporting_category', 'source_id'] as const

/** The itemised balance report as it is downloaded: amounts in major units, times in UTC. Columns are found by their names. */
export function readReport(text: string): ReadReport {
  const [head = [], ...rows] = csvRows(text.replace(/^\ufeff/, ''))
  const column = new Map(head.map((name, index) => [name.trim(), index]))
  const missing = needed.find((name) => !column.has(name))
  if (missing) return { ok: false, line: 1, problem: `has no column ${missing}` }
  if (rows.length > most) return { ok: false, line: most + 2, problem: 'is too long' }
  const lines: ReportLine[] = []
  for (const [index, row] of rows.entries()) {
    if (row.length === 1 && row[0] === '') continue
    const cell = (name: string) => row[column.get(name) ?? -1]?.trim() ?? ''
    const currency = cell('currency').toUpperCase()
    const known = /^[A-Z]{3}$/.test(currency)
    const gross = known ? majorToMoney(cell('gross'), currency) : null
    const fee = known ? majorToMoney(cell('fee'), currency) : null
    const at = Date.parse(`${(cell('created_utc') || cell('created')).replace(' ', 'T')}Z`)
    if (!gross || !fee || Number.isNaN(at)) return { ok: false, line: index + 2, problem: 'has no amount or no time' }
    lines.push({
      id: cell('balance_transaction_id'),
      at,
      kind: cell('reporting_category'),
      source: cell('source_id'),
      paymentRef: cell('payment_intent_id'),
      gross,
      fee,
    })
  }
  return { ok: true, lines }
}
