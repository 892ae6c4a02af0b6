import { createHash } from 'node:crypto'
import type { Act } from '@efir/contract/act.ts'
import type { Place } from './bind.ts'
import type { Actor, Ctx, Tx } from './context.ts'
import type { Queries } from './db.ts'
import { at, json, sql } from './sql.ts'
import type { VerifierCheck } from './verifier.ts'

export interface AuditRow {
  readonly pos: number
  readonly at: number
  readonly act: string
  readonly person_id: string | null
  readonly person_name: string
  readonly shop_id: string | null
  readonly show_id: string | null
  readonly detail: Readonly<Record<string, unknown>>
  readonly request_id: string
  readonly address: string
  readonly hash: string
}

const mostText = 200
const mostFields = 30
const secretName = /password|secret|token|code|credential|proof|signature|^key$|keys$|email/i

/** A context whose first transaction writes the act down together with what it did: both are there, or neither. */
export function audited(ctx: Ctx, act: Pick<Act, 'name'>, place: Place | null, input: Readonly<Record<string, unknown>>) {
  let written = false
  const write = (tx: Tx) => append(tx, act.name, place, input)
  const within: Ctx = {
    ...ctx,
    async transaction(work) {
      const result = await ctx.transaction(async (tx) => {
        const done = await work(tx)
        if (!written) await write(tx)
        return done
      })
      written = true
      return result
    },
  }
  return {
    ctx: within,
    /** For acts that were carried out elsewhere, such as by a keeper of passwords. */
    async finish(): Promise<void> {
      if (!written) await ctx.transaction(write)
      written = true
    },
  }
}

/** Last in its transaction: whoever comes next waits on the head only until the commit. */
async function append(tx: Tx, act: string, place: Place | null, input: Readonly<Record<string, unknown>>): Promise<void> {
  const head = await tx.one<{ pos: number; hash: string }>(sql`select pos, hash from kernel.audit_head for update`)
  const shopId = place?.shopId ?? shopIn(input)
  // The chain cannot forget, so it names people by their id alone: who they are called is looked up while they are known.
  const named = shopId === null && place === null ? without(input, 'name') : input
  const row = {
    pos: head.pos + 1,
    at: tx.now,
    act,
    person_id: personIn(tx.actor),
    person_name: '',
    shop_id: shopId,
    show_id: place?.showId ?? null,
    detail: withoutSecrets(named),
    request_id: tx.requestId,
    address: shortened(tx.remote),
  }
  const hash = digestOf(head.hash, row)
  await tx.run(
    sql`insert into kernel.audit (pos, at, act, person_id, person_name, shop_id, show_id, detail, request_id, address, hash)
        values (${row.pos}, ${at(row.at)}, ${row.act}, ${row.person_id}, ${row.person_name}, ${row.shop_id}, ${row.show_id}, ${json(row.detail)}, ${row.request_id}, ${row.address}, ${hash})`,
  )
  await tx.run(sql`update kernel.audit_head set pos = ${row.pos}, hash = ${hash}`)
  // A witness outside the database: who could rewrite all of the chain cannot rewrite the log of the process.
  tx.afterCommit(() => tx.log.info({ audit: row.pos, act, hash }, 'written into the audit log'))
}

const personIn = (actor: Actor): string | null => (actor.kind === 'guest' || actor.kind === 'account' ? actor.personId : null)

function without(input: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const { [name]: _, ...rest } = input
  return rest
}

const shopIn = (input: Readonly<Record<string, unknown>>): string | null =>
  typeof input['shopId'] === 'string' ? input['shopId'] : null

function withoutSecrets(input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(input).filter(([name]) => !secretName.test(name))
  return Object.fromEntries(kept.slice(0, mostFields).map(([name, value]) => [name, brief(value)]))
}

function brief(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, mostText)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  const money = value as { amount?: unknown; currency?: unknown }
  if (typeof money.amount === 'number' && typeof money.currency === 'string')
    return { amount: money.amount, currency: money.currency }
  return Array.isArray(value) ? `${value.length} entries` : `${Object.keys(value ?? {}).length} fields`
}

/** The network of an address: enough to see that it was another place, too little to find a person by. */
export function shortened(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  if (/^\d+\.\d+\.\d+\.\d+$/.test(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  const groups = plain.split('::')[0]?.split(':').filter(Boolean).slice(0, 3) ?? []
  return groups.length === 0 ? '' : `${groups.join(':')}::/48`
}

/** Keys in one order: PostgreSQL gives those of a jsonb back in another than it got them. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, ordered(inner)]),
  )
}

function digestOf(before: string, row: Omit<AuditRow, 'hash'>): string {
  const { pos, act, person_id, person_name, shop_id, show_id, detail, request_id, address } = row
  const text = JSON.stringify([
    before,
    pos,
    row.at,
    act,
    person_id,
    person_name,
    shop_id,
    show_id,
    ordered(detail),
    request_id,
    address,
  ])
  return createHash('sha256').update(text).digest('hex')
}

const cutBatch = 10_000

/** Takes off what is older than that instant, oldest first; how many. */
export async function cutAudit(tx: Tx, beforeMs: number): Promise<number> {
  await tx.run(sql`select set_config('efir.audit_cut', 'on', true)`)
  await tx.run(sql`select pos from kernel.audit_head for update`)
  const last = await tx.maybe<{ pos: number; hash: string }>(
    sql`select pos, hash from (select pos, hash, at from kernel.audit order by pos limit ${cutBatch}) oldest where at < ${at(beforeMs)} order by pos desc limit 1`,
  )
  if (!last) return 0
  await tx.run(sql`update kernel.audit_head set cut_pos = ${last.pos}, cut_hash = ${last.hash}`)
  return await tx.run(sql`delete from kernel.audit where pos <= ${last.pos}`)
}

const readBatch = 5_000

export const auditCheck: VerifierCheck = {
  name: 'audit: every row follows from the one before it',
  run: (ctx) => brokenRows(ctx),
}

async function brokenRows(q: Queries): Promise<string[]> {
  const head = await q.one<{ pos: number; hash: string; cut_pos: number; cut_hash: string }>(
    sql`select pos, hash, cut_pos, cut_hash from kernel.audit_head`,
  )
  let before = { pos: head.cut_pos, hash: head.cut_hash }
  for (;;) {
    const rows = await q.rows<AuditRow>(
      sql`select pos, at, act, person_id, person_name, shop_id, show_id, detail, request_id, address, hash from kernel.audit
          where pos > ${before.pos} and pos <= ${head.pos} order by pos limit ${readBatch}`,
    )
    for (const row of rows) {
      if (row.pos !== before.pos + 1) return [`audit row ${before.pos + 1} is missing`]
      if (row.hash !== digestOf(before.hash, row)) return [`audit row ${row.pos} (${row.act}) was changed`]
      before = row
    }
    if (rows.length < readBatch) break
  }
  return before.pos === head.pos && before.hash === head.hash
    ? []
    : [`the audit log ends at row ${before.pos}, it should at ${head.pos}`]
}
