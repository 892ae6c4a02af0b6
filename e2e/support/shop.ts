import type { Out } from '@efir/contract/act.ts'
import { createProduct, publishProduct } from '@efir/contract/catalog.ts'
import { beGuest, createShop, setUpOperator } from '@efir/contract/identity.ts'
import { placeOrder, quote, saveDeliveryMethod } from '@efir/contract/orders.ts'
import type { LocalText } from '@efir/contract/scalars.ts'
import { receiveStock } from '@efir/contract/stock.ts'
import { openVisitor, type Visitor } from './visitor.ts'

export const operatorPassword = 'a long enough pass phrase'

/** The first person of an empty platform, who may open shops too. */
export async function becomeOperator(base: string, setUpCode: string): Promise<Visitor> {
  const person = openVisitor(base)
  await person.must(setUpOperator, {
    setUpCode,
    email: 'operator@efir.example',
    name: 'Dina Karlova',
    password: operatorPassword,
  })
  return person
}

export interface OpenShop {
  readonly shopId: string
  readonly methodId: string
}

/** A shop in a market that delivers. */
export async function openShop(
  owner: Visitor,
  given: { name: string; slug: string; market?: string; country?: string; currency?: string },
): Promise<OpenShop> {
  const { market = 'FR', country = 'FR', currency = 'EUR' } = given
  const shop = await owner.must(createShop, { name: given.name, slug: given.slug, market, country, currency })
  const method = await owner.must(saveDeliveryMethod, {
    shopId: shop.id,
    kind: 'courier',
    name: { en: 'Courier', ru: 'Курьер', ar: 'مندوب توصيل' },
    prices: { [currency]: 490 },
    countries: [],
    daysMin: 1,
    daysMax: 3,
    position: 0,
  })
  return { shopId: shop.id, methodId: method.id }
}

export interface Goods {
  readonly title: LocalText
  readonly sku: string
  readonly amount: number
  readonly currency?: string
  readonly units: number
  readonly options?: Record<string, string>
}

/** A product with one variant, on the shelf; published when it has all a published product needs. */
export async function addGoods(owner: Visitor, shopId: string, goods: Goods): Promise<Out<typeof createProduct>> {
  const product = await owner.must(createProduct, {
    shopId,
    title: goods.title,
    brand: 'Orvik',
    model: goods.sku,
    variants: [
      { sku: goods.sku, options: goods.options ?? {}, prices: [{ amount: goods.amount, currency: goods.currency ?? 'EUR' }] },
    ],
  })
  const variant = product.variantList[0]
  if (!variant) throw new Error('a product has a variant')
  await owner.must(receiveStock, { shopId, variantId: variant.id, quantity: goods.units })
  await owner.call(publishProduct, { productId: product.id, state: 'published' })
  return product
}

export const homes = {
  FR: {
    country: 'FR',
    name: 'Jeanne Martin',
    phone: '06 12 34 56 78',
    line1: '12 rue des Lilas',
    city: 'Lyon',
    postcode: '69003',
  },
} as const

export interface Purchase {
  readonly methodId: string
  readonly shopId: string
  readonly variantId: string
  readonly quantity?: number
  readonly name?: string
  readonly email?: string
  /** A token of a test card; without one it is paid at the door. */
  readonly token?: string
}

/** A guest buys from the shelf. */
export async function buyOne(base: string, given: Purchase): Promise<Out<typeof placeOrder>> {
  const guest = openVisitor(base)
  await guest.must(beGuest, {})
  const items = [{ variantId: given.variantId, quantity: given.quantity ?? 1 }]
  const delivery = [{ shopId: given.shopId, methodId: given.methodId }]
  const address = { ...homes.FR, name: given.name ?? homes.FR.name }
  const asked = await guest.must(quote, { market: 'FR', items, country: 'FR', delivery })
  return await guest.must(placeOrder, {
    key: crypto.randomUUID(),
    market: 'FR',
    items,
    email: given.email ?? 'jeanne@mail.example',
    address,
    delivery,
    payment: given.token ? { method: 'card', token: given.token } : { method: 'cod' },
    total: asked.total,
  })
}
