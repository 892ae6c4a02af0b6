import { readdirSync, statSync } from 'node:fs'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { optionTexts, type SeedProduct, seedProducts, withCheckDigit } from './catalogue/products.ts'
import { LOCALES, type SeedLocale, type Texts } from './catalogue/sheets.ts'
import { chatLines } from './chatter/chatter.ts'
import { CLIPS, FRAME_RATE, framesOf, SAMPLE_RATE, secondsOf } from './clip/plan.ts'
import { HOST_IDS } from './drawings/hosts.ts'
import { canLetter } from './drawings/lettering.ts'
import { coloursOf, drawProduct, PRODUCT_IDS, VIEWS } from './drawings/product.ts'
import { drawHost, drawScene } from './drawings/scene.ts'
import { drawShop, SHOP_IDS } from './drawings/shop.ts'
import { seedBuyers, seedHosts, seedModerators, seedStaff } from './people.ts'
import { seedShops } from './shops.ts'
import { seedShows } from './shows.ts'

/** Scripts that a text of the language must show some of; Latin alone would mean an untranslated text. */
const SCRIPT: Partial<Record<SeedLocale, RegExp>> = {
  ru: /[а-яё]/i,
  uk: /[а-щьюяєіїґ]/i,
  ar: /[\u0600-\u06ff]/,
  zh: /[\u4e00-\u9fff]/,
}

const expectEveryLanguage = (texts: Texts, where: string): void => {
  expect(Object.keys(texts).sort(), where).toEqual([...LOCALES].sort())
  for (const locale of LOCALES) {
    expect(texts[locale].trim().length, `${where} ${locale}`).toBeGreaterThan(1)
    expect(SCRIPT[locale]?.test(texts[locale]) ?? true, `${where} ${locale}: ${texts[locale]}`).toBe(true)
  }
  expect(/[ыэёъ]/i.test(texts.uk), `${where}: Russian letters in Ukrainian`).toBe(false)
  expect(/[іїєґ]/i.test(texts.ru), `${where}: Ukrainian letters in Russian`).toBe(false)
}

/** Every number written as figures; 万 and 亿 are multiplied out, names such as IP68, 4K or C15 are left out. */
const numbersIn = (text: string, names: readonly string[]): number[] => {
  const bare = names.reduce((rest, name) => rest.replaceAll(name, ' '), text).replace(/IPX?\d+|\d[kK]\b|C15/g, ' ')
  return [...bare.matchAll(/(\d+(?:[.,]\d+)?)([万亿])?/g)].map(([, digits = '', unit]) => {
    const value = Number(digits.replace(',', '.'))
    return unit === '万' ? value * 1e4 : unit === '亿' ? value * 1e8 : value
  })
}

const sheetNumbers = ({ sheet, sheet: { attributes } }: SeedProduct): Set<number> => {
  const found = new Set<number>([sheet.warrantyMonths])
  const add = (value: unknown, unit?: string): void => {
    if (typeof value === 'number') {
      found.add(Math.abs(value))
      if (unit === '{Mpx}') found.add(value * 1e6)
    } else if (Array.isArray(value)) for (const one of value) add(one)
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) add(one)
    else if (typeof value === 'string') for (const number of numbersIn(value, [])) found.add(number)
  }
  for (const attribute of attributes) {
    add(attribute.value, attribute.unit)
    add(attribute.condition)
  }
  return found
}

/** Advice of the seller that the sheet does not hold: water for tea, for coffee. */
const ADVICE: Record<string, readonly number[]> = { 'teplino-k17': [80, 90] }

const pixels = async (svg: string): Promise<number> => {
  const { channels } = await sharp(Buffer.from(svg)).resize(96, 96, { fit: 'fill' }).stats()
  return Math.max(...channels.slice(0, 3).map((channel) => channel.stdev))
}

test('the catalogue is the 28 products of the spec sheets, each in one of the six shops', () => {
  expect(seedProducts).toHaveLength(28)
  expect([...PRODUCT_IDS].sort()).toEqual(seedProducts.map((product) => product.id).sort())
  for (const product of seedProducts) expect(seedShops.map((shop) => shop.id)).toContain(product.shopId)
  for (const shop of seedShops) expect(seedProducts.some((product) => product.shopId === shop.id)).toBe(true)
})

test.each(seedProducts.map((product) => [product.id, product] as const))(
  '%s is described in every language and every figure stands in its sheet',
  (id, product) => {
    expectEveryLanguage(product.description, id)
    const known = sheetNumbers(product)
    for (const locale of LOCALES) {
      const text = product.description[locale]
      const strangers = numbersIn(text, [product.sheet.model, 'SPF 30']).filter(
        (number) => !known.has(number) && !ADVICE[id]?.includes(number),
      )
      expect(strangers, `${id} ${locale}: ${text}`).toEqual([])
      expect(product.searchWords[locale].length).toBeGreaterThan(2)
    }
  },
)

test('figures in the seven descriptions of a product are the same ones', () => {
  for (const product of seedProducts) {
    const sets = LOCALES.map(
      (locale) =>
        new Set(
          numbersIn(product.description[locale], [product.sheet.model]).map((number) => (number >= 1e7 ? number / 1e6 : number)),
        ),
    )
    const everywhere = [...(sets[0] ?? [])].filter((number) => sets.every((set) => set.has(number)))
    expect(everywhere.length, product.id).toBeGreaterThanOrEqual(3)
  }
})

test("prices are whole minor units, the native one is the sheet's, and no reference price is below the price", () => {
  for (const product of seedProducts) {
    const { price } = product.sheet
    expect(product.prices[price.currency as keyof typeof product.prices], product.id).toBe(price.amountMinor)
    for (const [currency, amount] of Object.entries(product.prices)) {
      expect(Number.isInteger(amount) && amount > 0, `${product.id} ${currency}`).toBe(true)
      expect(product.reference.prices[currency as keyof typeof product.prices]).toBeGreaterThanOrEqual(amount)
    }
  }
})

test('EAN-13 check digits are right, barcodes and SKUs are unique, every option has its name', () => {
  expect(withCheckDigit('400638133393')).toBe('4006381333931')
  const variants = seedProducts.flatMap((product) => product.variants)
  expect(new Set(variants.map((variant) => variant.barcode)).size).toBe(variants.length)
  expect(new Set(variants.map((variant) => variant.sku)).size).toBe(variants.length)
  for (const variant of variants) {
    expect(variant.barcode).toMatch(/^20\d{11}$/)
    expect(withCheckDigit(variant.barcode.slice(0, 12))).toBe(variant.barcode)
    expect(Number.isInteger(variant.stock) && variant.stock > 0).toBe(true)
  }
  for (const texts of [...Object.values(optionTexts.names), ...Object.values(optionTexts.colours)])
    expectEveryLanguage(texts, texts.en)
})

test('clothes and shoes come in the sizes and colours of their sheets', () => {
  for (const product of seedProducts) {
    const attribute = (key: string) => product.sheet.attributes.find((one) => one.key === key)?.value
    const sizes = new Set(product.variants.map((variant) => variant.options.size).filter((size) => size !== undefined))
    if (attribute('sizes')) expect([...sizes].map((size) => size.toLowerCase())).toEqual(attribute('sizes'))
    if (attribute('colors')) expect(coloursOf(product.id)).toEqual(attribute('colors'))
    const range = attribute('size_range')
    if (Array.isArray(range))
      expect([...sizes].map(Number)).toEqual(Array.from({ length: range[1] - range[0] + 1 }, (_, i) => range[0] + i))
  }
})

test.each(PRODUCT_IDS)(
  '%s is drawn in every view and colour, never blank, without a font',
  async (id) => {
    const first = coloursOf(id)[0]
    for (const view of VIEWS) {
      const svg = drawProduct(id, { view, size: 96 })
      expect(svg).not.toContain('<text')
      expect(svg).not.toMatch(/NaN|undefined/)
      expect(await pixels(svg), `${id} ${view}`).toBeGreaterThan(9)
    }
    for (const colour of coloursOf(id))
      if (colour !== first) expect(await pixels(drawProduct(id, { view: 'main', colour, size: 96 }))).toBeGreaterThan(9)
  },
  60_000,
)

test('no two products share a main picture', () => {
  expect(new Set(PRODUCT_IDS.map((id) => drawProduct(id, { view: 'main' }))).size).toBe(PRODUCT_IDS.length)
})

test('hosts, covers and shops are drawn', async () => {
  expect([...HOST_IDS].sort()).toEqual(seedHosts.map((host) => host.id).sort())
  expect([...SHOP_IDS].sort()).toEqual(seedShops.map((shop) => shop.id).sort())
  for (const id of HOST_IDS) expect(await pixels(drawHost(id, { size: 96 })), id).toBeGreaterThan(20)
  for (const id of SHOP_IDS)
    for (const kind of ['logo', 'banner'] as const)
      expect(await pixels(drawShop(id, { kind, size: 160 })), id).toBeGreaterThan(20)
  for (const show of seedShows)
    for (const aspect of ['portrait', 'landscape'] as const) {
      const svg = drawScene({ ...show.cover, aspect, width: 160 })
      expect(svg).not.toMatch(/NaN|undefined|<text/)
      expect(await pixels(svg), show.id).toBeGreaterThan(20)
    }
}, 60_000)

test('the same picture is drawn to the same bytes', () => {
  expect(drawProduct('nordrel-tent-3', { view: 'figures' })).toBe(drawProduct('nordrel-tent-3', { view: 'figures' }))
  expect(canLetter('≤ 0123456789.–%°²×')).toBe(true)
})

test('people have every text, unique addresses and telephone numbers of their country', () => {
  expect(seedBuyers).toHaveLength(40)
  expect(new Set(seedBuyers.map((buyer) => buyer.locale))).toEqual(new Set(LOCALES))
  const emails = [...seedHosts, ...seedBuyers, ...seedStaff, ...seedModerators].map((person) => person.email)
  expect(new Set(emails).size).toBe(emails.length)
  for (const email of emails) expect(email).toMatch(/^[a-z0-9.-]+@[a-z0-9.-]+\.example$/)
  for (const host of seedHosts) expectEveryLanguage(host.bio, host.id)
  for (const { name, address } of seedBuyers) {
    const phone = parsePhoneNumberFromString(address.phone)
    expect([phone?.isValid(), phone?.country], name).toEqual([true, address.country])
  }
})

test('shops say who they are in every language and deliver at home', () => {
  for (const shop of seedShops) {
    expectEveryLanguage(shop.about, shop.id)
    expect(shop.delivery.some((method) => method.countries.includes(shop.country))).toBe(true)
    for (const method of shop.delivery)
      expect(Number.isInteger(method.priceMinor) && Number.isInteger(method.freeFromMinor ?? 0)).toBe(true)
    expect(seedStaff.filter((one) => one.shopId === shop.id).map((one) => one.role)).toEqual(['owner', 'manager', 'fulfilment'])
  }
})

test('shows: one on air with two shops, five upcoming, one a series, four replays; every lot can be sold', () => {
  const kinds = seedShows.map((show) => show.kind)
  expect([
    kinds.filter((kind) => kind === 'always_on').length,
    kinds.filter((kind) => kind === 'upcoming').length,
    kinds.filter((kind) => kind === 'replay').length,
  ]).toEqual([1, 5, 4])
  expect(seedShows.filter((show) => show.series?.every === 'week')).toHaveLength(1)
  expect(new Set(seedShows.find((show) => show.kind === 'always_on')?.lots.map((lot) => lot.shopId)).size).toBe(2)
  for (const show of seedShows) {
    expectEveryLanguage(show.title, show.id)
    expectEveryLanguage(show.description, show.id)
    expect(seedHosts.find((host) => host.id === show.hostId)?.languages, show.id).toContain(show.locale)
    for (const id of show.moderators) expect(seedModerators.map((one) => one.id)).toContain(id)
    for (const item of show.rundown) {
      if (item.kind === 'talk') expectEveryLanguage(item.text, show.id)
      else expect(show.lots.map((lot) => lot.key)).toContain(item.lot)
    }
    for (const lot of show.lots) {
      const product = seedProducts.find((one) => one.id === lot.productId)
      expect(lot.quota).toBeLessThanOrEqual((product?.variants ?? []).reduce((sum, variant) => sum + variant.stock, 0))
      expect(lot.perBuyer).toBeLessThanOrEqual(lot.quota)
      for (const [currency, amount] of Object.entries(lot.livePrices)) {
        expect(Number.isInteger(amount)).toBe(true)
        expect(amount, `${show.id} ${lot.key} ${currency}`).toBeLessThan(
          lot.reference.prices[currency as keyof typeof lot.livePrices],
        )
      }
    }
  }
})

test('chat lines: at least sixty per language, questions about every category on sale', () => {
  const categories = new Set(seedProducts.map((product) => product.category))
  for (const locale of LOCALES) {
    const lines = chatLines.filter((line) => line.locale === locale)
    expect(lines.length).toBeGreaterThanOrEqual(60)
    expect(new Set(lines.map((line) => line.text)).size, locale).toBe(lines.length)
    for (const category of categories)
      expect(
        lines.some((line) => line.tag === `question:${category}`),
        `${locale} ${category}`,
      ).toBe(true)
    for (const line of lines) expect(line.text.length).toBeLessThanOrEqual(120)
  }
})

test('clips loop without a seam and all binaries together stay under 8 MB', () => {
  for (const plan of CLIPS) {
    expect((secondsOf(plan) * SAMPLE_RATE) % 1024, plan.name).toBeCloseTo(0, 6)
    expect(secondsOf(plan) * FRAME_RATE).toBeCloseTo(framesOf(plan), 6)
    expect(framesOf(plan) % plan.keyframeEvery).toBe(0)
  }
  const folder = new URL('./clip/', import.meta.url)
  const files = readdirSync(folder).filter((name) => name.endsWith('.flv'))
  expect(files.sort()).toEqual(CLIPS.map((plan) => `${plan.name}.flv`).sort())
  expect(files.reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0)).toBeLessThan(8_000_000)
  for (const show of seedShows) if (show.clipFile !== undefined) expect(statSync(show.clipFile).size).toBeGreaterThan(100_000)
})
