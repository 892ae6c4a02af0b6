import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/orders.ts'
import { placeOrder, quote } from '@efir/contract/orders.ts'
import type { TestAnswer, TestPerson, World } from '../../../test/world.ts'
import { at, sql } from '../../kernel/sql.ts'
import * as ledger from '../ledger/contributes.ts'
import * as payments from '../payments/contributes.ts'
import * as stock from '../stock/contributes.ts'
import { quota, stockedVariant } from '../stock/testing.ts'
import { verifierChecks } from './contributes.ts'
import { saveDeliveryMethod } from './verbs/delivery.ts'

export type Items = In<typeof contract.quote>['items']

export const addresses = {
  FR: {
    country: 'FR',
    name: 'Jeanne Martin',
    phone: '06 12 34 56 78',
    line1: '12 rue des Lilas',
    city: 'Lyon',
    postcode: '69003',
  },
  RU: {
    country: 'RU',
    name: 'Анна Иванова',
    phone: '8 912 345-67-89',
    line1: 'ул. Ленина, 5',
    city: 'Пермь',
    region: 'Пермский край',
    postcode: '614000',
  },
  PH: {
    country: 'PH',
    name: 'Maria Santos',
    phone: '0917 123 4567',
    line1: '5 Mabini St',
    city: 'Cebu',
    region: 'Cebu',
    postcode: '6000',
  },
  US: {
    country: 'US',
    name: 'Ann Smith',
    phone: '(415) 555-2671',
    line1: '1 Market St',
    city: 'San Francisco',
    region: 'CA',
    postcode: '94105',
  },
} as const

export interface Shelf {
  readonly shopId: string
  readonly owner: TestPerson
  readonly variantId: string
  readonly shelfId: string
  readonly methodId: string
  readonly market: keyof typeof addresses
  readonly currency: string
}

const currencies = { FR: 'EUR', RU: 'RUB', PH: 'PHP', US: 'USD' } as const

/** A shop that delivers, with one thing on its shelf. */
export async function openShelf(
  world: World,
  given: { units?: number; amount?: number; delivery?: number; market?: keyof typeof addresses; settings?: object } = {},
): Promise<Shelf> {
  const market = given.market ?? 'FR'
  const currency = currencies[market]
  const shop = await world.shop({ market, country: market, currency, settings: given.settings })
  const { variantId, shelfId } = await stockedVariant(world, given.units ?? 10, shop)
  await price(world, variantId, given.amount ?? 2500, currency)
  const method = await world.tx((tx) =>
    saveDeliveryMethod(tx, {
      shopId: shop.id,
      kind: 'courier',
      name: { en: 'Courier' },
      prices: { [currency]: given.delivery ?? 490 },
      countries: [],
      daysMin: 1,
      daysMax: 3,
      position: 0,
    }),
  )
  return { shopId: shop.id, owner: shop.owner, variantId, shelfId, methodId: method.id, market, currency }
}

export async function price(world: World, variantId: string, amount: number, currency: string): Promise<void> {
  await world.kernel.db.run(
    sql`insert into catalog.price (variant_id, currency, amount, changed_at) values (${variantId}, ${currency}, ${amount}, ${at(world.clock.now())})
        on conflict (variant_id, currency) do update set amount = excluded.amount`,
  )
}

let keys = 0
export const newKey = (): string => `test-key-${++keys}`

/** Units of a lot of this show, held by a buyer at a live price. */
export async function reserved(
  world: World,
  shelf: Shelf,
  buyer: TestPerson,
  given: { showId?: string; amount?: number; quantity?: number; allotmentId?: string; holdMs?: number } = {},
): Promise<string> {
  const allotmentId = given.allotmentId ?? (await quota(world, 3, { variantId: shelf.variantId, topic: given.showId }))
  const answer = await world.app.desk.reserve({
    allotmentId,
    personId: buyer.id,
    quantity: given.quantity ?? 1,
    key: newKey(),
    holdMs: given.holdMs ?? 300_000,
    price: { amount: given.amount ?? 1990, currency: shelf.currency },
    source: 'deal',
  })
  if (answer.outcome !== 'granted') throw new Error(`not granted: ${answer.outcome}`)
  return answer.reservationId
}

export interface Buying {
  readonly items?: Items
  readonly token?: string
  readonly method?: string
  readonly key?: string
  readonly email?: string
  readonly address?: In<typeof contract.placeOrder>['address']
  readonly total?: { amount: number; currency: string }
  readonly shelves?: readonly Shelf[]
}

/** As the sheet does it: quote, then place. */
export async function buy(
  world: World,
  buyer: TestPerson,
  shelf: Shelf,
  given: Buying = {},
): Promise<TestAnswer<typeof placeOrder>> {
  const items = given.items ?? [{ variantId: shelf.variantId, quantity: 1 }]
  const address = given.address ?? addresses[shelf.market]
  const delivery = (given.shelves ?? [shelf]).map((s) => ({ shopId: s.shopId, methodId: s.methodId }))
  const asked = given.total
    ? null
    : await world.call(buyer, quote, { market: shelf.market, items, country: address.country, delivery, address })
  if (asked && !asked.ok) return asked as TestAnswer<typeof placeOrder>
  return await world.call(buyer, placeOrder, {
    key: given.key ?? newKey(),
    market: shelf.market,
    items,
    email: given.email ?? 'Buyer@Example.com',
    address,
    delivery,
    payment: { method: given.method ?? 'card', ...(given.method === 'cod' ? {} : { token: given.token ?? 'tok_test_success' }) },
    total: given.total ?? (asked as { value: Out<typeof quote> }).value.total,
  })
}

export async function bought(world: World, buyer: TestPerson, shelf: Shelf, given: Buying = {}): Promise<Out<typeof placeOrder>> {
  const answer = await buy(world, buyer, shelf, given)
  if (!answer.ok) throw new Error(`not bought: ${answer.refusal} ${JSON.stringify(answer.params)}`)
  return answer.value
}

/** Every difference that the verifier finds in money, units and orders. */
export async function differences(world: World): Promise<string[]> {
  await world.advance(61_000)
  const checks = [...ledger.verifierChecks, ...payments.verifierChecks, ...stock.verifierChecks, ...verifierChecks]
  return (await Promise.all(checks.map((c) => c.run(world.ctx)))).flat()
}
