import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import type { Tx } from '../../../kernel/context.ts'
import { isUniqueViolation } from '../../../kernel/db.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { shopOf } from '../../identity/views.ts'
import * as events from '../events.ts'
import { barcodeFits, sheetProblem, slugOf } from '../rules.ts'
import type { ProductRow, VariantRow } from '../tables.ts'
import { productFor } from '../views.ts'

type NewProduct = In<typeof contract.createProduct> & { demo?: boolean }
type VariantInput = NewProduct['variants'][number]

export async function lockProduct(tx: Tx, productId: string): Promise<ProductRow> {
  return found(await tx.maybe<ProductRow>(sql`select * from catalog.product where id = ${productId} for update`))
}

export async function createProduct(tx: Tx, input: NewProduct) {
  await shopOf(tx, input.shopId)
  const id = tx.newId('product')
  const wanted = input.slug ?? slugOf(textIn(input.title, 'en'), `p-${id.slice(-8)}`)
  const taken = await tx.maybe(sql`select 1 from catalog.product where shop_id = ${input.shopId} and slug = ${wanted}`)
  refuseIf(taken !== null && input.slug !== undefined, 'slug_taken')
  const slug = taken === null ? wanted : `${wanted}-${id.slice(-6)}`
  await tx.run(
    sql`insert into catalog.product (id, shop_id, slug, title, about, brand, model, category, tax_rate, warranty_months, origin_country, demo, created_at, changed_at)
        values (${id}, ${input.shopId}, ${slug}, ${json(input.title)}, ${json(input.about ?? {})}, ${input.brand ?? ''}, ${input.model ?? ''}, ${input.category ?? ''}, ${input.taxRate ?? null},
          ${input.warrantyMonths ?? null}, ${input.originCountry ?? null}, ${input.demo ?? false}, ${at(tx.now)}, ${at(tx.now)})`,
  )
  await putVariants(tx, { id, shop_id: input.shopId }, input.variants)
  await tx.announce(events.productChanged, { productId: id, shopId: input.shopId }, input.shopId)
  return await productFor(tx, id)
}

async function putVariants(tx: Tx, product: { id: string; shop_id: string }, variants: readonly VariantInput[]): Promise<void> {
  const before = await tx.rows<VariantRow>(sql`select * from catalog.variant where product_id = ${product.id} for update`)
  const named = new Set(variants.map((v) => v.id))
  const kept = new Set<string>()
  let position = 0
  for (const variant of variants) {
    refuseIf(variant.barcode !== undefined && !barcodeFits(variant.barcode), 'bad_input', {
      field: 'barcode',
      problem: variant.barcode ?? '',
    })
    const known = before.find((v) => v.id === variant.id) ?? before.find((v) => v.sku === variant.sku && !named.has(v.id))
    const id = known?.id ?? tx.newId('variant')
    kept.add(id)
    try {
      await tx.run(
        sql`insert into catalog.variant (id, product_id, shop_id, sku, barcode, options, position, active, created_at)
            values (${id}, ${product.id}, ${product.shop_id}, ${variant.sku}, ${variant.barcode ?? null}, ${json(variant.options ?? {})}, ${position++}, ${variant.active ?? true}, ${at(tx.now)})
            on conflict (id) do update set sku = excluded.sku, barcode = excluded.barcode, options = excluded.options, position = excluded.position, active = excluded.active`,
      )
    } catch (problem) {
      if (isUniqueViolation(problem)) throw new Refusal('sku_taken', { sku: variant.sku })
      throw problem
    }
    for (const price of variant.prices) await putPrice(tx, product.id, id, price)
  }
  const gone = before.filter((v) => !kept.has(v.id)).map((v) => v.id)
  if (gone.length) await tx.run(sql`update catalog.variant set active = false where id = any(${gone})`)
}

async function putPrice(
  tx: Tx,
  productId: string,
  variantId: string,
  price: { amount: number; currency: string },
): Promise<void> {
  const known = Intl.supportedValuesOf('currency')
  refuseIf(!known.includes(price.currency) && !price.currency.startsWith('XT'), 'currency_unknown', { currency: price.currency })
  const before = await tx.maybe<{ amount: number }>(
    sql`select amount from catalog.price where variant_id = ${variantId} and currency = ${price.currency}`,
  )
  if (before?.amount === price.amount) return
  await tx.run(
    sql`insert into catalog.price values (${variantId}, ${price.currency}, ${price.amount}, ${at(tx.now)})
        on conflict (variant_id, currency) do update set amount = excluded.amount, changed_at = excluded.changed_at`,
  )
  await tx.run(
    sql`insert into catalog.price_history (variant_id, currency, amount, from_at) values (${variantId}, ${price.currency}, ${price.amount}, ${at(tx.now)})`,
  )
  await tx.announce(events.priceChanged, {
    productId,
    variantId,
    currency: price.currency,
    from: before?.amount ?? null,
    to: price.amount,
  })
}

export async function changeProduct(tx: Tx, input: In<typeof contract.changeProduct>) {
  const p = await lockProduct(tx, input.productId)
  await tx.run(
    sql`update catalog.product set title = ${json(input.title ?? p.title)}, about = ${json(input.about ?? p.about)}, brand = ${input.brand ?? p.brand}, model = ${input.model ?? p.model},
        category = ${input.category ?? p.category}, tax_rate = ${input.taxRate ?? p.tax_rate}, warranty_months = ${input.warrantyMonths ?? p.warranty_months},
        origin_country = ${input.originCountry ?? p.origin_country}, changed_at = ${at(tx.now)} where id = ${p.id}`,
  )
  return await changed(tx, p)
}

async function changed(tx: Tx, product: ProductRow) {
  await tx.announce(events.productChanged, { productId: product.id, shopId: product.shop_id }, product.shop_id)
  return await productFor(tx, product.id)
}

export async function setVariants(tx: Tx, input: In<typeof contract.setVariants>) {
  const product = await lockProduct(tx, input.productId)
  await putVariants(tx, product, input.variants)
  return await changed(tx, product)
}

export async function setPrice(tx: Tx, input: In<typeof contract.setPrice>) {
  const product = await lockProduct(tx, input.productId)
  found(await tx.maybe(sql`select 1 from catalog.variant where id = ${input.variantId} and product_id = ${product.id}`))
  await putPrice(tx, product.id, input.variantId, input.price)
  return await changed(tx, product)
}

export async function publishProduct(tx: Tx, input: In<typeof contract.publishProduct>) {
  const product = await lockProduct(tx, input.productId)
  const priced = await tx.maybe(
    sql`select 1 from catalog.variant v join catalog.price p on p.variant_id = v.id where v.product_id = ${product.id} and v.active limit 1`,
  )
  refuseIf(input.state === 'published' && !priced, 'product_incomplete', { missing: 'price' })
  await tx.run(sql`update catalog.product set state = ${input.state}, changed_at = ${at(tx.now)} where id = ${product.id}`)
  if (input.state === 'published')
    await tx.announce(events.productPublished, { productId: product.id, shopId: product.shop_id }, product.shop_id)
  return await changed(tx, product)
}

export async function writeSheet(tx: Tx, input: In<typeof contract.writeSheet>) {
  const product = await lockProduct(tx, input.productId)
  refuseIf(product.sheet_version !== input.overVersion, 'sheet_changed', { version: product.sheet_version })
  const problem = sheetProblem(input.attributes)
  if (problem) throw new Refusal('sheet_invalid', problem)
  const version = product.sheet_version + 1
  const by = tx.actor.kind === 'guest' || tx.actor.kind === 'account' ? tx.actor.personId : null
  await tx.run(sql`insert into catalog.sheet values (${product.id}, ${version}, ${json(input.attributes)}, ${by}, ${at(tx.now)})`)
  await tx.run(sql`update catalog.product set sheet_version = ${version}, changed_at = ${at(tx.now)} where id = ${product.id}`)
  await tx.announce(events.sheetWritten, { productId: product.id, version }, product.shop_id)
  return { productId: product.id, version, attributes: input.attributes, writtenAt: tx.now }
}

export async function relateProduct(tx: Tx, input: In<typeof contract.relateProduct>) {
  const product = await lockProduct(tx, input.productId)
  await tx.run(sql`delete from catalog.related where product_id = ${product.id}`)
  for (const { relation, otherId } of input.related) {
    refuseIf(otherId === product.id, 'bad_input', { field: 'otherId', problem: 'is the product itself' })
    found(
      await tx.maybe(
        sql`select 1 from catalog.product where id = ${otherId} and (shop_id = ${product.shop_id} or state = 'published')`,
      ),
    )
    await tx.run(sql`insert into catalog.related values (${product.id}, ${relation}, ${otherId}) on conflict do nothing`)
  }
  return await changed(tx, product)
}

export async function arrangePictures(tx: Tx, input: In<typeof contract.arrangePictures>) {
  const product = await lockProduct(tx, input.productId)
  await tx.run(sql`update catalog.picture set product_id = null where product_id = ${product.id}`)
  const variants = new Set(
    (await tx.rows<{ id: string }>(sql`select id from catalog.variant where product_id = ${product.id}`)).map((v) => v.id),
  )
  let position = 0
  for (const picture of input.pictures) {
    refuseIf(picture.variantId !== undefined && !variants.has(picture.variantId), 'not_found')
    const done = await tx.run(
      sql`update catalog.picture set product_id = ${product.id}, variant_id = ${picture.variantId ?? null}, alt = coalesce(${picture.alt ? json(picture.alt) : null}::jsonb, alt), position = ${position++}
          where id = ${picture.id} and shop_id = ${product.shop_id}`,
    )
    refuseIf(done === 0, 'not_found')
  }
  return await changed(tx, product)
}
