import type { Tx } from '../../../kernel/context.ts'
import { assert } from '../../../kernel/refusal.ts'
import { sql } from '../../../kernel/sql.ts'
import { createProduct, publishProduct } from './products.ts'

/** A product with one variant, published at once: what a host makes in the middle of a show. Texts can follow later. */
export async function quickProduct(
  tx: Tx,
  input: { shopId: string; title: string; price: { amount: number; currency: string }; pictureId?: string },
): Promise<{ productId: string; variantId: string }> {
  const product = await createProduct(tx, {
    shopId: input.shopId,
    title: { [tx.locale]: input.title },
    variants: [{ sku: `Q-${tx.newId('variant').slice(-10).toUpperCase()}`, options: {}, prices: [input.price] }],
  })
  if (input.pictureId) {
    await tx.run(
      sql`update catalog.picture set product_id = ${product.id} where id = ${input.pictureId} and shop_id = ${input.shopId} and product_id is null`,
    )
  }
  await publishProduct(tx, { productId: product.id, state: 'published' })
  const variant = product.variantList[0]
  assert(variant, 'the product was made with a variant')
  return { productId: product.id, variantId: variant.id }
}
