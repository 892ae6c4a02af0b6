import type { Out } from '@efir/contract/act.ts'
import * as contract from '@efir/contract/catalog.ts'
import { decimalsOf } from '@efir/contract/money.ts'
import { type Locale, textIn } from '@efir/contract/scalars.ts'
import { formatsFor, majorText } from '@efir/words/formats.ts'
import { format } from '@efir/words/words.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { productPage } from '../../catalog/views.ts'
import { imageAt, type PageFacts, seed, shortened } from '../facts.ts'
import { image } from '../frame.ts'
import { html } from '../html.ts'
import { type ShopFacts, shelfUnits, shopFacts } from '../views.ts'

type Product = Out<typeof contract.productPage>

export async function productFacts(ctx: Ctx, origin: string, productId: string): Promise<PageFacts> {
  const input = { productId }
  const product = await productPage(ctx, input)
  const { locale } = ctx
  const shop = await shopFacts(ctx, product.shopId)
  const units = await shelfUnits(
    ctx,
    product.variantList.map((one) => one.id),
  )
  const sold = product.state === 'published'
  return {
    status: sold ? 200 : 410,
    title: textIn(product.title, locale),
    description: shortened(
      textIn(product.about, locale) || [product.brand, product.model, product.shopName].filter(Boolean).join(' · '),
    ),
    path: `/product/${product.id}`,
    image: imageAt(product.picture?.base, 1280),
    kind: 'product',
    graph: sold ? [graphOf(product, shop, units, origin, locale), crumbsOf(product, origin, locale)] : [],
    body: bodyOf(product, shop, locale),
    index: sold,
    seeds: [seed(contract.productPage, input, product)],
    page: 'src/faces/watch/ProductPage.tsx',
    words: ['common', 'store', 'refusals'],
    keepSeconds: 30,
  }
}

function bodyOf(product: Product, shop: ShopFacts, locale: Locale) {
  const { price } = formatsFor(locale)
  const [first] = product.pictures
  const about = textIn(product.about, locale)
  return html`<main class="first-main first-product">
      ${image({ picture: first?.base, alt: textIn(first?.alt, locale) || textIn(product.title, locale), width: 640, sizes: '(max-width: 900px) 94vw, 50vw', className: 'first-shot', first: true }) ?? html`<span class="first-shot"></span>`}
      <div class="first-side"><p class="first-muted">${product.brand}</p>
        <h1><bdi>${textIn(product.title, locale)}</bdi></h1>
        <p class="first-price">${product.price ? price(product.price) : format(locale, 'store.no_price')}</p>
        <p><a href="/shop/${shop.slug}"><bdi>${product.shopName}</bdi></a></p>
        ${about ? html`<p><bdi>${about}</bdi></p>` : null}</div>
    </main>`
}

function graphOf(product: Product, shop: ShopFacts, units: ReadonlyMap<string, number>, origin: string, locale: Locale): object {
  const url = `${origin}/product/${product.id}`
  const barcode = product.variantList.find((one) => one.barcode)?.barcode
  const [variant] = product.variantList
  return {
    '@type': 'Product',
    '@id': `${url}#product`,
    name: textIn(product.title, locale),
    description: shortened(textIn(product.about, locale) || textIn(product.title, locale), 2000),
    url,
    image: product.pictures.slice(0, 10).map((picture) => new URL(imageAt(picture.base, 1280) ?? '', origin).href),
    ...(variant ? { sku: variant.sku } : {}),
    ...(barcode ? { gtin: barcode } : {}),
    ...(product.model ? { mpn: product.model } : {}),
    ...(product.brand ? { brand: { '@type': 'Brand', name: product.brand } } : {}),
    ...(product.category ? { category: product.category } : {}),
    ...(product.rating
      ? {
          aggregateRating: {
            '@type': 'AggregateRating',
            ratingValue: Math.round(product.rating.average * 10) / 10,
            reviewCount: product.rating.count,
          },
        }
      : {}),
    offers: product.variantList.flatMap((one) => offersOf(one, product, shop, units, url)).slice(0, 100),
  }
}

/** One for each variant, in the currency of the shop where it has one. */
function offersOf(
  variant: Product['variantList'][number],
  product: Product,
  shop: ShopFacts,
  units: ReadonlyMap<string, number>,
  url: string,
): object[] {
  const price = variant.prices.find((one) => one.currency === shop.currency) ?? variant.prices[0]
  if (!price) return []
  return [
    {
      '@type': 'Offer',
      url,
      sku: variant.sku,
      price: majorText(price.amount, decimalsOf(price.currency)),
      priceCurrency: price.currency,
      availability: `https://schema.org/${(units.get(variant.id) ?? 0) > 0 ? 'InStock' : 'OutOfStock'}`,
      itemCondition: 'https://schema.org/NewCondition',
      seller: { '@type': 'Organization', name: product.shopName },
    },
  ]
}

const crumbsOf = (product: Product, origin: string, locale: Locale): object => ({
  '@type': 'BreadcrumbList',
  itemListElement: [
    { '@type': 'ListItem', position: 1, name: format(locale, 'store.products'), item: `${origin}/products` },
    { '@type': 'ListItem', position: 2, name: textIn(product.title, locale), item: `${origin}/product/${product.id}` },
  ],
})
