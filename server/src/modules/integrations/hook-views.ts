import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/integrations.ts'
import { publicTypes } from '@efir/contract/webhooks.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found } from '../../kernel/refusal.ts'
import { nothing, type Sql, sql } from '../../kernel/sql.ts'

export interface EndpointRow {
  id: string
  shop_id: string
  url: string
  about: string
  types: string[]
  secret: string
  old_secret: string | null
  old_until: number | null
  state: 'active' | 'paused' | 'disabled'
  made_at: number
  waiting: number
}

const endpoints = (q: Queries, which: Sql) =>
  q.rows<EndpointRow>(
    sql`select e.*, (select count(*) from integrations.dispatch d where d.endpoint_id = e.id and d.state = 'waiting') as waiting
        from integrations.endpoint e where ${which} order by e.id`,
  )

export const endpointRow = async (q: Queries, shopId: string, id: string): Promise<EndpointRow> =>
  found((await endpoints(q, sql`e.id = ${id} and e.shop_id = ${shopId}`))[0])

export const endpointView = (row: EndpointRow) => ({
  id: row.id,
  url: row.url,
  about: row.about,
  types: row.types,
  state: row.state,
  madeAt: row.made_at,
  waiting: row.waiting,
  ...(row.old_until === null ? {} : { oldSecretUntilAt: row.old_until }),
})

export const shopEndpoints = async (ctx: Ctx, input: { shopId: string }) => ({
  endpoints: (await endpoints(ctx, sql`e.shop_id = ${input.shopId}`)).map(endpointView),
  types: [...publicTypes],
})

interface LogRow {
  id: string
  type: string
  at: number
  state: 'waiting' | 'taken' | 'given_up'
  next_at: number
  body: string
  attempts: { at: number; ms: number; status: number | null; problem: string | null; answer: string }[] | null
}

export async function endpointLog(ctx: Ctx, input: In<typeof contract.endpointLog>) {
  const { id } = await endpointRow(ctx, input.shopId, input.endpointId)
  const limit = input.limit ?? 50
  const rows = await ctx.rows<LogRow>(
    sql`select d.id, d.type, d.at, d.state, d.next_at, d.body, a.attempts from integrations.dispatch d
        left join lateral (select json_agg(json_build_object('at', (extract(epoch from t.at) * 1000)::bigint, 'ms', t.ms, 'status', t.status, 'problem', t.problem, 'answer', t.answer) order by t.id) as attempts
          from (select * from integrations.attempt where dispatch_id = d.id order by id desc limit 20) t) a on true
        where d.endpoint_id = ${id} ${input.state ? sql`and d.state = ${input.state}` : nothing} ${input.after ? sql`and d.id < ${input.after}` : nothing}
        order by d.id desc limit ${limit + 1}`,
  )
  return {
    items: rows.slice(0, limit).map(({ id: dispatchId, type, at, state, body, ...row }) => ({
      id: dispatchId,
      type,
      at,
      state,
      body,
      ...(state === 'waiting' ? { nextAt: row.next_at } : {}),
      attempts: (row.attempts ?? []).map(({ status, problem, ...one }) => ({
        ...one,
        ...(status === null ? {} : { status }),
        ...(problem === null ? {} : { problem }),
      })),
    })),
    next: rows.length > limit ? rows[limit - 1]?.id : undefined,
  }
}
