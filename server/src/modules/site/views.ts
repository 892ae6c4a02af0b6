import type { Ctx } from '../../kernel/context.ts'
import { found } from '../../kernel/refusal.ts'
import { sql } from '../../kernel/sql.ts'

export interface ShopFacts {
  readonly slug: string
  readonly name: string
  readonly currency: string
}
export const shopFacts = async (ctx: Ctx, shopId: string): Promise<ShopFacts> =>
  found(await ctx.maybe<ShopFacts>(sql`select slug, name, currency from identity.shop where id = ${shopId}`))

/** Units that can be bought outside of shows, by variant. */
export async function shelfUnits(ctx: Ctx, variantIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await ctx.rows<{ id: string; units: number }>(
    sql`select l.variant_id as id, a.left_units as units from stock.level l join stock.allotment a on a.id = l.shelf_id where l.variant_id = any(${[...variantIds]})`,
  )
  return new Map(rows.map((row) => [row.id, row.units]))
}
