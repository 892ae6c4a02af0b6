import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/catalog.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found, refuseIf } from '../../kernel/refusal.ts'
import { and, type Sql, sql } from '../../kernel/sql.ts'
import type { PictureRow, ProductRow, VariantRow } from './tables.ts'

type Product = Out<typeof contract.productPage>
type Card = Out<typeof contract.findProducts>['items'][number]
type CardRow = ProductRow & {
  shop_name: string
  currency: string
  picture: PictureRow | null
  amount: number | null
  price_currency: string | null
  variants: number
}

const given = <T>(value: T | null): T | undefined => value ?? undefined

export const pictureView = (row: Omit<PictureRow, 'shop_id' | 'product_id'>): Out<typeof contract.addPicture> => ({
  id: row.id,
  base: `/pictures/${row.id}`,
  width: row.width,
  height: row.height,
  tint: row.tint,
  alt: Object.keys(row.alt).length ? row.alt : { en: '' },
  variantId: given(row.variant_id),
})

function cardView(row: CardRow): Card {
  return {
    id: row.id,
    shopId: row.shop_id,
    shopName: row.shop_name,
    slug: row.slug,
    title: row.title,
    brand: row.brand,
    category: row.category,
    state: row.state,
    variants: row.variants,
    picture: row.picture ? pictureView(row.picture) : undefined,
    price: row.amount === null ? undefined : { amount: Number(row.amount), currency: row.price_currency as string },
    rating: row.rating_count > 0 ? { average: row.rating_sum / row.rating_count, count: row.rating_count } : undefined,
  }
}

/** `currency` is preferred for the price; the shop's own is next. */
async function cardRows(q: Queries, where: Sql, order: Sql, limit: number, currency?: string): Promise<CardRow[]> {
  return await q.rows<CardRow>(
    sql`select p.*, s.name as shop_name, s.currency, (select to_jsonb(i) from catalog.picture i where i.product_id = p.id order by position, id limit 1) as picture,
          (select count(*)::int from catalog.variant v where v.product_id = p.id and v.active) as variants, best.amount, best.currency as price_currency
        from catalog.product p join identity.shop s on s.id = p.shop_id
        left join lateral (select c.amount, c.currency from catalog.variant v join catalog.price c on c.variant_id = v.id where v.product_id = p.id and v.active
          order by (c.currency = ${currency ?? ''}) desc, (c.currency = s.currency) desc, c.amount limit 1) best on true
        where ${where} order by ${order} limit ${limit}`,
  )
}

export async function productFor(q: Queries, productId: string): Promise<Product> {
  const row = found((await cardRows(q, sql`p.id = ${productId}`, sql`p.id`, 1))[0])
  const pictures = await q.rows<PictureRow>(
    sql`select * from catalog.picture where product_id = ${productId} order by position, id`,
  )
  const related = await q.rows<{ relation: string; other_id: string }>(
    sql`select relation, other_id from catalog.related where product_id = ${productId} order by relation, other_id`,
  )
  const others = related.length ? await cardRows(q, sql`p.id = any(${related.map((r) => r.other_id)})`, sql`p.id`, 40) : []
  return {
    ...cardView(row),
    about: row.about,
    model: row.model,
    taxRate: given(row.tax_rate),
    warrantyMonths: given(row.warranty_months),
    originCountry: given(row.origin_country),
    pictures: pictures.map(pictureView),
    variantList: await variantsOf(q, productId),
    sheet: await sheetOf(q, productId),
    related: related.flatMap((r) => {
      const other = others.find((o) => o.id === r.other_id)
      return other ? [{ relation: r.relation, product: cardView(other) }] : []
    }),
    demo: row.demo,
  }
}

async function variantsOf(q: Queries, productId: string): Promise<Product['variantList']> {
  const rows = await q.rows<VariantRow & { prices: { amount: number; currency: string }[] }>(
    sql`select v.*, coalesce((select jsonb_agg(jsonb_build_object('amount', amount, 'currency', currency) order by currency) from catalog.price where variant_id = v.id), '[]') as prices
        from catalog.variant v where v.product_id = ${productId} order by v.position, v.id`,
  )
  return rows.map((v) => ({
    id: v.id,
    sku: v.sku,
    barcode: given(v.barcode),
    options: v.options,
    active: v.active,
    prices: v.prices,
  }))
}

/** The newest sheet; version 0 has no facts. */
export async function sheetOf(q: Queries, productId: string): Promise<Product['sheet']> {
  const row = await q.maybe<{ version: number; attributes: Product['sheet']['attributes']; written_at: number }>(
    sql`select version, attributes, written_at from catalog.sheet where product_id = ${productId} order by version desc limit 1`,
  )
  return row
    ? { productId, version: row.version, attributes: row.attributes, writtenAt: row.written_at }
    : { productId, version: 0, attributes: [] }
}

export async function productPage(ctx: Ctx, input: In<typeof contract.productPage>): Promise<Product> {
  const product = await productFor(ctx, input.productId)
  refuseIf(product.state === 'draft', 'not_found')
  return { ...product, variantList: product.variantList.filter((v) => v.active) }
}
export const productEditor = (ctx: Ctx, input: In<typeof contract.productEditor>) => productFor(ctx, input.productId)

export async function sheetHistory(ctx: Ctx, input: In<typeof contract.sheetHistory>) {
  const rows = await ctx.rows<{ version: number; attributes: Product['sheet']['attributes']; written_at: number }>(
    sql`select version, attributes, written_at from catalog.sheet where product_id = ${input.productId} order by version desc limit 100`,
  )
  return {
    sheets: rows.map((r) => ({
      productId: input.productId,
      version: r.version,
      attributes: r.attributes,
      writtenAt: r.written_at,
    })),
  }
}

const pageOf = (rows: CardRow[], limit: number) => ({
  items: rows.slice(0, limit).map(cardView),
  next: rows.length > limit ? rows[limit - 1]?.id : undefined,
})
const wordsIn = (words: string | undefined): Sql[] =>
  words
    ? words
        .trim()
        .split(/\s+/)
        .slice(0, 8)
        .map(
          (w) =>
            sql`(p.title::text || ' ' || p.brand || ' ' || p.model || ' ' || p.category) ilike ${`%${w.replace(/[%_\\]/g, '\\$&')}%`}`,
        )
    : []

export async function findProducts(ctx: Ctx, input: In<typeof contract.findProducts>) {
  const limit = input.limit ?? 24
  const where = [
    sql`p.state = 'published'`,
    ...wordsIn(input.words),
    ...(input.shopId ? [sql`p.shop_id = ${input.shopId}`] : []),
    ...(input.category ? [sql`p.category = ${input.category}`] : []),
    ...(input.after ? [sql`p.id > ${input.after}`] : []),
  ]
  return pageOf(await cardRows(ctx, and(where), sql`p.id`, limit + 1, input.currency), limit)
}

export async function shopProducts(ctx: Ctx, input: In<typeof contract.shopProducts>) {
  const limit = input.limit ?? 50
  const where = [
    sql`p.shop_id = ${input.shopId}`,
    ...wordsIn(input.words),
    ...(input.state ? [sql`p.state = ${input.state}`] : [sql`p.state <> 'archived'`]),
    ...(input.after ? [sql`p.id < ${input.after}`] : []),
  ]
  return pageOf(await cardRows(ctx, and(where), sql`p.id desc`, limit + 1), limit)
}

export async function priceHistory(ctx: Ctx, input: In<typeof contract.priceHistory>) {
  const rows = await ctx.rows<{ amount: number; from_at: number }>(
    sql`select h.amount, h.from_at from catalog.price_history h join catalog.variant v on v.id = h.variant_id join catalog.product p on p.id = v.product_id and p.state = 'published'
        where h.variant_id = ${input.variantId} and h.currency = ${input.currency} order by h.from_at desc, h.id desc limit 100`,
  )
  return { prices: rows.map((r) => ({ price: { amount: r.amount, currency: input.currency }, fromAt: r.from_at })) }
}

/** For the right: what a variant is called and looks like, with its tax. */
export interface VariantFacts {
  readonly variantId: string
  readonly productId: string
  readonly shopId: string
  readonly title: ProductRow['title']
  readonly options: Record<string, string>
  readonly sku: string
  readonly taxRate: number | null
  readonly picture: string | null
  readonly rating: { average: number; count: number } | null
}
export async function variantFacts(q: Queries, variantIds: readonly string[]): Promise<ReadonlyMap<string, VariantFacts>> {
  const rows = await q.rows<
    VariantRow & {
      title: ProductRow['title']
      tax_rate: number | null
      picture: string | null
      rating_count: number
      rating_sum: number
    }
  >(
    sql`select v.*, p.title, p.tax_rate, p.rating_count, p.rating_sum, (select id from catalog.picture i where i.product_id = p.id order by (i.variant_id = v.id) desc nulls last, position, id limit 1) as picture
        from catalog.variant v join catalog.product p on p.id = v.product_id where v.id = any(${[...variantIds]})`,
  )
  return new Map(
    rows.map((r) => [
      r.id,
      {
        variantId: r.id,
        productId: r.product_id,
        shopId: r.shop_id,
        title: r.title,
        options: r.options,
        sku: r.sku,
        taxRate: r.tax_rate,
        picture: r.picture && `/pictures/${r.picture}`,
        rating: r.rating_count > 0 ? { average: r.rating_sum / r.rating_count, count: r.rating_count } : null,
      },
    ]),
  )
}
