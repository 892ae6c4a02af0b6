import type { World } from '../../../test/world.ts'
import { at, json, sql } from '../../kernel/sql.ts'
import type { ReserveAsk } from './batch.ts'
import { verifierChecks } from './contributes.ts'
import { type AllotInput, allot } from './verbs/allotments.ts'
import { receiveStock } from './verbs/goods.ts'
import { shelvesOf } from './views.ts'

/** A variant of a new product with this many units on its shelf. */
export async function stockedVariant(
  world: World,
  units: number,
  shop?: { id: string },
): Promise<{ variantId: string; shopId: string; shelfId: string }> {
  const { id: shopId } = shop ?? (await world.shop())
  const { ids, clock, db } = world.kernel
  const productId = ids.make('product')
  const variantId = ids.make('variant')
  const now = at(clock.now())
  await db.run(
    sql`insert into catalog.product (id, shop_id, slug, title, state, created_at, changed_at) values (${productId}, ${shopId}, ${productId.slice(4)}, ${json({ en: 'A thing' })}, 'published', ${now}, ${now})`,
  )
  await db.run(
    sql`insert into catalog.variant (id, product_id, shop_id, sku, created_at) values (${variantId}, ${productId}, ${shopId}, ${variantId.slice(4)}, ${now})`,
  )
  await world.tx((tx) => receiveStock(tx, { variantId, quantity: units }))
  const shelfId = (await shelvesOf(world.ctx, [variantId])).get(variantId)?.allotmentId ?? ''
  return { variantId, shopId, shelfId }
}

/** A quota of its own variant, everything allotted. */
export async function quota(world: World, units: number, given: Partial<AllotInput> = {}): Promise<string> {
  const { variantId } = given.variantId ? { variantId: given.variantId } : await stockedVariant(world, units)
  return (
    await world.tx((tx) => allot(tx, { variantId, quantity: units, use: 'lot', useId: world.kernel.ids.make('lot'), ...given }))
  ).id
}

let keys = 0
export const ask = (world: World, allotmentId: string, given: Partial<ReserveAsk> = {}): ReserveAsk => ({
  allotmentId,
  personId: given.personId ?? world.kernel.ids.make('person'),
  quantity: 1,
  key: `key-${++keys}`,
  holdMs: 600_000,
  price: { amount: 1999, currency: 'EUR' },
  source: 'deal',
  ...given,
})

/** Every difference that the verifier finds in the stock. */
export async function differences(world: World): Promise<string[]> {
  return (await Promise.all(verifierChecks.map((c) => c.run(world.ctx)))).flat()
}
