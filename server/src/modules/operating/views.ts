import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/operating.ts'
import type { AuditRow } from '../../kernel/audit.ts'
import type { Ctx } from '../../kernel/context.ts'
import { and, type Sql, sql } from '../../kernel/sql.ts'

type Asked = In<typeof contract.platformAudit>
type Page = Out<typeof contract.platformAudit>

export const shopAudit = (ctx: Ctx, input: In<typeof contract.shopAudit>): Promise<Page> =>
  auditPage(ctx, input, [sql`shop_id = ${input.shopId}`])

export const platformAudit = (ctx: Ctx, input: Asked): Promise<Page> => auditPage(ctx, input, [])

async function auditPage(ctx: Ctx, input: Asked, within: readonly Sql[]): Promise<Page> {
  const limit = input.limit ?? 50
  const before = Number(input.after ?? Number.MAX_SAFE_INTEGER)
  const wanted = [
    ...within,
    sql`pos < ${Number.isSafeInteger(before) ? before : 0}`,
    ...(input.act === undefined ? [] : [sql`act = ${input.act}`]),
    ...(input.personId === undefined ? [] : [sql`person_id = ${input.personId}`]),
  ]
  const rows = await ctx.rows<AuditRow>(
    sql`select pos, at, act, person_id, coalesce((select p.name from identity.person p where p.id = person_id), person_name) as person_name,
          shop_id, show_id, detail, request_id, address, hash from kernel.audit
        where ${and(wanted)} order by pos desc limit ${limit + 1}`,
  )
  return {
    items: rows.slice(0, limit).map((row) => ({
      id: String(row.pos),
      at: row.at,
      act: row.act,
      personId: row.person_id ?? undefined,
      personName: row.person_name,
      shopId: row.shop_id ?? undefined,
      showId: row.show_id ?? undefined,
      detail: { ...row.detail },
      requestId: row.request_id,
      address: row.address,
    })),
    next: rows.length > limit ? String(rows[limit - 1]?.pos) : undefined,
  }
}
