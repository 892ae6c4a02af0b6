import type { Tx } from '../src/kernel/context.ts'
import { createProduct, publishProduct, relateProduct, writeSheet } from '../src/modules/catalog/verbs/products.ts'
import { receiveStock } from '../src/modules/stock/verbs/goods.ts'
import { type SeedProduct, seedProducts } from './catalogue/products.ts'
import { idOf } from './facts.ts'

export interface LoadedCatalogue {
  readonly products: Record<string, string>
  readonly variants: Record<string, string>
}

export async function loadCatalogue(tx: Tx, shops: Readonly<Record<string, string>>): Promise<LoadedCatalogue> {
  const loaded: LoadedCatalogue = { products: {}, variants: {} }
  for (const product of seedProducts) await loadProduct(tx, idOf(shops, product.shopId), product, loaded)
  for (const product of seedProducts) {
    const related = product.sheet.related.filter((r) => loaded.products[r.id] !== undefined)
    if (related.length === 0) continue
    await relateProduct(tx, {
      productId: idOf(loaded.products, product.id),
      related: related.map((r) => ({ relation: r.relation as 'sibling', otherId: idOf(loaded.products, r.id) })),
    })
  }
  return loaded
}

async function loadProduct(tx: Tx, shopId: string, product: SeedProduct, loaded: LoadedCatalogue): Promise<void> {
  const { sheet } = product
  const made = await createProduct(tx, {
    shopId,
    slug: product.id,
    title: product.title,
    about: product.description,
    brand: sheet.brand,
    model: sheet.model,
    category: product.category,
    warrantyMonths: sheet.warrantyMonths,
    originCountry: sheet.countryOfOrigin,
    variants: product.variants.map(({ sku, barcode, options, prices }) => ({
      sku,
      barcode,
      options: { ...options },
      prices: Object.entries(prices).map(([currency, amount]) => ({ amount, currency })),
    })),
    demo: true,
  })
  loaded.products[product.id] = made.id
  for (const { id, sku } of made.variantList) loaded.variants[sku] = id
  await writeSheet(tx, { productId: made.id, overVersion: 0, attributes: sheet.attributes as never })
  await publishProduct(tx, { productId: made.id, state: 'published' })
  for (const { sku, stock } of product.variants)
    await receiveStock(tx, { variantId: idOf(loaded.variants, sku), quantity: stock })
}
