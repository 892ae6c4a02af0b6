import type { PlaceFinders } from '../../kernel/bind.ts'
import { sql } from '../../kernel/sql.ts'

export const places: PlaceFinders = {
  async productId(ctx, productId) {
    const row = await ctx.maybe<{ shop_id: string }>(sql`select shop_id from catalog.product where id = ${productId}`)
    return row ? { shopId: row.shop_id } : null
  },
  async variantId(ctx, variantId) {
    const row = await ctx.maybe<{ shop_id: string }>(sql`select shop_id from catalog.variant where id = ${variantId}`)
    return row ? { shopId: row.shop_id } : null
  },
}
