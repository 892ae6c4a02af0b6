import type { Tx } from '../src/kernel/context.ts'
import { makePerson } from '../src/modules/identity/verbs/enter.ts'
import { describePerson } from '../src/modules/identity/verbs/people.ts'
import { changeShop, createShop, giveShopRole } from '../src/modules/identity/verbs/shops.ts'
import { profileOfCountry } from '../src/modules/markets/views.ts'
import { saveDeliveryMethod } from '../src/modules/orders/verbs/delivery.ts'
import { type SeedCurrency, seedProducts } from './catalogue/products.ts'
import { idOf, writeSetting } from './facts.ts'
import { seedBuyers, seedHosts, seedModerators, seedOperator, seedStaff } from './people.ts'
import { deliveryTitles, type SeedDelivery, type SeedShop, seedShops } from './shops.ts'

interface Somebody {
  id: string
  name: string
  locale: string
  email: string
  operator?: boolean
  country?: string
  bio?: Readonly<Record<string, string>>
}

const everybody = (): Somebody[] => [
  ...seedHosts.map(({ id, name, languages, email, country, bio }) => ({
    id,
    name,
    locale: languages[0] ?? 'en',
    email,
    country,
    bio,
  })),
  ...seedStaff,
  ...seedModerators.map(({ id, name, languages, email }) => ({ id, name, locale: languages[0] ?? 'en', email })),
  ...seedBuyers.map(({ address, ...buyer }) => ({ ...buyer, country: address.country })),
  { ...seedOperator, operator: true },
]

export async function loadPeople(tx: Tx): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const { id, name, locale, email, operator, country, bio } of everybody()) {
    const personId = await makePerson(tx, { kind: 'account', name, email, locale, operator, demo: true })
    if (country || bio) await describePerson(tx, { personId, country, bio })
    ids[id] = personId
  }
  await loadLogins(tx, ids)
  return ids
}

/** Who can be entered by one click, in the order shown. */
const logins: readonly (readonly [personId: string, role: string])[] = [
  ['mira', 'host'],
  ['polden-owner', 'seller'],
  ['polden-fulfilment', 'fulfilment'],
  ['mod-alisa', 'moderator'],
  ['buyer-09', 'buyer'],
  ['operator', 'operator'],
  ['oksana', 'host'],
  ['salma', 'host'],
  ['maison-lumen-owner', 'seller'],
  ['buyer-01', 'buyer'],
  ['buyer-27', 'buyer'],
]

async function loadLogins(tx: Tx, ids: Readonly<Record<string, string>>): Promise<void> {
  for (const [index, [name, role]] of logins.entries()) {
    const number = String(index + 1).padStart(2, '0')
    await writeSetting(tx, `demo.login.${number}`, { personId: idOf(ids, name), role })
  }
}

export async function loadShops(tx: Tx, people: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const ids: Record<string, string> = {}
  for (const shop of seedShops) {
    const market = profileOfCountry(shop.country)
    if (!market) throw new Error(`defect: no market profile of ${shop.country}`)
    const { id, name, about, country, currency } = shop
    const made = await createShop(tx, { slug: id, name, market: market.code, country, currency, about, demo: true })
    const mail = `shop@${id}.example`
    await changeShop(tx, {
      shopId: made.id,
      settings: { returnDays: shop.returnDays, payFirst: shop.payFirst, taxRate: market.taxRate, recordingDays: 30, mail },
    })
    for (const person of seedStaff.filter((s) => s.shopId === id)) {
      await giveShopRole(tx, made.id, idOf(people, person.id), person.role)
    }
    await loadDelivery(tx, made.id, shop)
    ids[id] = made.id
  }
  return ids
}

async function loadDelivery(tx: Tx, shopId: string, shop: SeedShop): Promise<void> {
  const dearest = Math.max(...shop.delivery.map((d) => d.priceMinor))
  // A visitor's address may be anywhere: each shop of the demo sends its goods there, for more money.
  const abroad: SeedDelivery = { kind: 'post', priceMinor: dearest * 2, days: [7, 21], countries: [] }
  for (const [position, method] of [...shop.delivery, abroad].entries()) {
    const { kind, priceMinor, freeFromMinor, days, countries } = method
    await saveDeliveryMethod(tx, {
      shopId,
      kind,
      name: method === abroad ? abroadTitle : deliveryTitles[kind],
      prices: inAllCurrencies(priceMinor, shop.currency),
      ...(freeFromMinor === undefined ? {} : { freeFrom: inAllCurrencies(freeFromMinor, shop.currency) }),
      countries,
      daysMin: days[0],
      daysMax: days[1],
      position,
    })
  }
}

const abroadTitle = {
  ru: 'Почта в любую страну',
  en: 'Post to any country',
  es: 'Correo a cualquier país',
  fr: 'Poste vers tous les pays',
  ar: 'بريد إلى أي بلد',
  zh: '邮寄至任何国家',
  uk: 'Пошта в будь-яку країну',
}

/** At the rate of the catalogue: what one product costs in both currencies; rounded up to two leading digits. */
function inAllCurrencies(amount: number, from: SeedCurrency): Record<string, number> {
  const { prices } = seedProducts[0] as (typeof seedProducts)[number]
  return Object.fromEntries(
    Object.entries(prices).map(([currency, price]) => [
      currency,
      currency === from ? amount : roundUp((amount * price) / prices[from]),
    ]),
  )
}

function roundUp(amount: number): number {
  if (amount < 1) return 0
  const step = 10 ** Math.max(0, Math.floor(Math.log10(amount)) - 1)
  return Math.ceil(amount / step) * step
}

/** Accounts of the sign-in library, so that a demo person may also come in by a mailed code. */
export const demoAccounts = (): readonly Somebody[] => everybody()
