import { money, sum } from '@efir/contract/money.ts'
import { orderNumberLetters, orderStates } from '@efir/contract/orders/shapes.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allProfiles } from '../markets/views.ts'
import { addressDigest, checkAddress, countries, normalAddress, usualFields } from './rules/address.ts'
import {
  buyerMayCancel,
  checkoutState,
  leastPayMs,
  mayPack,
  mayRefund,
  orderMoves,
  payUntil,
  shopMayCancel,
} from './rules/life.ts'
import { orderNumber, readNumber } from './rules/numbers.ts'
import { taxRateFor } from './rules/tax.ts'
import { type Counting, countOrder, deliveryPrice, returnValue } from './rules/totals.ts'

const currency = fc.constantFrom('JPY', 'EUR', 'KWD')
const counting: fc.Arbitrary<Counting> = currency.chain((c) =>
  fc.record({
    currency: fc.constant(c),
    taxIncluded: fc.boolean(),
    lines: fc.array(
      fc.record({
        unit: fc.integer({ min: 0, max: 1_000_000_000 }).map((a) => money(a, c)),
        quantity: fc.integer({ min: 1, max: 20 }),
        taxRate: fc.integer({ min: 0, max: 10_000 }),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    delivery: fc.record({
      price: fc.integer({ min: 0, max: 1_000_000 }).map((a) => money(a, c)),
      taxRate: fc.integer({ min: 0, max: 10_000 }),
    }),
  }),
)

test('[ORD1] a total is its lines and its delivery, and the tax only where it is added', () => {
  fc.assert(
    fc.property(counting, (input) => {
      const t = countOrder(input)
      const lines = sum(
        input.currency,
        t.lines.map((l) => l.total),
      ).amount
      const tax =
        sum(
          input.currency,
          t.lines.map((l) => l.tax),
        ).amount + t.deliveryTax.amount
      expect(t.goods.amount).toBe(lines)
      expect(t.tax.amount).toBe(tax)
      expect(t.total.amount).toBe(lines + input.delivery.price.amount + (input.taxIncluded ? 0 : tax))
      expect(t.total.currency).toBe(input.currency)
    }),
  )
})

test('[ORD1] tax inside a price is less than the price, and the net price with its tax is the price again within half a unit', () => {
  fc.assert(
    fc.property(counting, (input) => {
      for (const [i, line] of countOrder({ ...input, taxIncluded: true }).lines.entries()) {
        const rate = input.lines[i]!.taxRate
        const net = line.total.amount - line.tax.amount
        expect(line.tax.amount).toBeLessThanOrEqual(line.total.amount / 2 + 1)
        expect(Math.abs(net * (1 + rate / 10_000) - line.total.amount)).toBeLessThanOrEqual(
          0.5 * (1 + rate / 10_000) + line.total.amount * 1e-12,
        )
      }
    }),
  )
})

test('[ORD1] the order of lines does not matter', () => {
  fc.assert(
    fc.property(counting, (input) => {
      const there = countOrder(input)
      const back = countOrder({ ...input, lines: input.lines.toReversed() })
      expect([back.total, back.tax, back.goods]).toEqual([there.total, there.tax, there.goods])
    }),
  )
})

test('[ORD1] known sums in currencies of 0, 2 and 3 decimals', () => {
  const count = (c: string, unit: number, taxIncluded: boolean, taxRate: number, delivery: number) =>
    countOrder({
      currency: c,
      taxIncluded,
      lines: [{ unit: money(unit, c), quantity: 3, taxRate }],
      delivery: { price: money(delivery, c), taxRate },
    })
  expect(count('JPY', 333, true, 1000, 500)).toMatchObject({
    goods: { amount: 999 },
    tax: { amount: 91 + 45 },
    total: { amount: 1499 },
  })
  expect(count('EUR', 1990, true, 2000, 490)).toMatchObject({
    goods: { amount: 5970 },
    tax: { amount: 995 + 82 },
    total: { amount: 6460 },
  })
  expect(count('KWD', 12_345, false, 500, 1_500)).toMatchObject({
    goods: { amount: 37_035 },
    tax: { amount: 1852 + 75 },
    total: { amount: 40_462 },
  })
})

test('[ORD10] delivery is free from its threshold and in a parcel that is paid for, and not offered without a price', () => {
  const method = { prices: { EUR: 490 }, freeFrom: { EUR: 5000 } }
  expect(deliveryPrice(method, money(4999, 'EUR'), false)).toEqual(money(490, 'EUR'))
  expect(deliveryPrice(method, money(5000, 'EUR'), false)).toEqual(money(0, 'EUR'))
  expect(deliveryPrice(method, money(100, 'EUR'), true)).toEqual(money(0, 'EUR'))
  expect(deliveryPrice(method, money(9000, 'USD'), true)).toBeNull()
})

test('[ORD13] units returned one by one, in any portions, are worth exactly the line', () => {
  const line = fc.record({
    unit: fc.integer({ min: 0, max: 1_000_000 }),
    quantity: fc.integer({ min: 1, max: 20 }),
    rate: fc.integer({ min: 0, max: 5_000 }),
  })
  fc.assert(
    fc.property(line, fc.boolean(), fc.array(fc.integer({ min: 1, max: 5 })), ({ unit, quantity, rate }, included, portions) => {
      const tax = Math.round((unit * quantity * rate) / 10_000)
      let returned = 0
      let value = 0
      for (const wish of [...portions, quantity]) {
        const units = Math.min(wish, quantity - returned)
        if (units === 0) break
        value += returnValue({ unit, quantity, tax, returned }, units, included)
        returned += units
      }
      expect(value).toBe(unit * quantity + (included ? 0 : tax))
    }),
  )
})

const orderId = fc.uuid().map((u) => `ord_${u}`)

test('[ORD14] a number is read back however it is typed', () => {
  fc.assert(
    fc.property(orderId, (id) => {
      const number = orderNumber('secret', id, 0)
      expect(number).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
      expect(number).not.toMatch(/[01ILOSU]/)
      for (const typed of [number, number.toLowerCase(), number.replace('-', ''), ` ${number.slice(0, 3)} ${number.slice(3)} `])
        expect(readNumber(typed)).toBe(number)
    }),
  )
})

test('[ORD14] one wrong letter, and two swapped ones, are noticed', () => {
  fc.assert(
    fc.property(orderId, fc.nat(7), fc.nat(28), fc.nat(6), (id, at, letter, swap) => {
      const letters = [...orderNumber('secret', id, 0).replace('-', '')]
      const wrong = letters.with(at, orderNumberLetters[letter]!)
      if (wrong[at] !== letters[at]) expect(readNumber(wrong.join(''))).toBeNull()
      const swapped = letters.with(swap, letters[swap + 1]!).with(swap + 1, letters[swap]!)
      if (swapped[swap] !== letters[swap]) expect(readNumber(swapped.join(''))).toBeNull()
    }),
    { numRuns: 2000 },
  )
})

test('[ORD14] numbers depend on the secret and the try', () => {
  const numbers = new Set(Array.from({ length: 2000 }, (_, i) => orderNumber('secret', `ord_${i}`, 0)))
  expect(numbers.size).toBe(2000)
  expect(orderNumber('secret', 'ord_1', 1)).not.toBe(orderNumber('secret', 'ord_1', 0))
  expect(orderNumber('other', 'ord_1', 0)).not.toBe(orderNumber('secret', 'ord_1', 0))
})

test('[ORD11] the table: nothing leaves refunded, nothing skips packing, nothing comes back from delivered', () => {
  expect(orderMoves.refunded).toEqual([])
  expect(orderMoves.delivered).toEqual(['refunded'])
  const into = (to: string) =>
    Object.entries(orderMoves)
      .filter(([, list]) => (list as readonly string[]).includes(to))
      .map(([from]) => from)
  expect(into('shipped')).toEqual(['packed'])
  expect(into('placed')).toEqual(['draft', 'cancelled'])
  expect(into('cancelled')).toEqual(['placed', 'paid', 'packed'])
})

test('[ORD11] packed is only what is paid or promised at the door', () => {
  for (const state of orderStates) {
    for (const confirmed of [true, false]) {
      expect(mayPack({ state, confirmed, payOnDelivery: false })).toBe(confirmed && state === 'paid')
      expect(mayPack({ state, confirmed, payOnDelivery: true })).toBe(confirmed && (state === 'paid' || state === 'placed'))
    }
    const facts = { state, confirmed: true, payOnDelivery: false }
    expect(buyerMayCancel(facts)).toBe(state === 'placed' || state === 'paid')
    expect(shopMayCancel(facts)).toBe(['placed', 'paid', 'packed'].includes(state))
    expect(mayRefund({ ...facts, paid: false })).toBe(false)
  }
})

test('[ORD5] units wait as long as the shortest hold, and a few minutes at least', () => {
  expect(payUntil(1000, [])).toBe(1000 + leastPayMs)
  expect(payUntil(1000, [1000 + 600_000, 1000 + 400_000])).toBe(1000 + 400_000)
  expect(payUntil(1000, [1001])).toBe(1000 + leastPayMs)
})

test('[ORD5] how far a purchase is', () => {
  const o = (given: object = {}) => ({ state: 'placed' as const, confirmed: false, payOnDelivery: false, ...given })
  expect(checkoutState('created', [o()])).toBe('to_pay')
  expect(checkoutState('requires_action', [o()])).toBe('needs_action')
  expect(checkoutState('unknown', [o()])).toBe('unknown')
  expect(checkoutState('authorised', [o()])).toBe('unknown')
  expect(checkoutState('declined', [o()])).toBe('declined')
  expect(checkoutState('captured', [{ ...o(), state: 'paid', confirmed: true }])).toBe('paid')
  expect(
    checkoutState('captured', [
      { ...o(), state: 'paid', confirmed: true },
      { ...o(), state: 'cancelled' },
    ]),
  ).toBe('paid')
  expect(checkoutState('authorised', [o({ confirmed: true, payOnDelivery: true })])).toBe('at_the_door')
  expect(checkoutState('declined', [{ ...o(), state: 'cancelled' }])).toBe('cancelled')
})

const examples: Record<string, { phone: string; filled: Record<string, string> }> = {
  FR: { phone: '06 12 34 56 78', filled: { postcode: '69003' } },
  ES: { phone: '612 34 56 78', filled: { postcode: '28013', region: 'Madrid' } },
  RU: { phone: '8 912 345-67-89', filled: { postcode: '614000', region: 'Пермский край' } },
  UA: { phone: '067 123 4567', filled: { postcode: '01001', region: 'Київська' } },
  US: { phone: '(415) 555-2671', filled: { postcode: '94105', region: 'CA' } },
  CN: { phone: '138 0013 8000', filled: { postcode: '100000', region: '北京市' } },
  PH: { phone: '0917 123 4567', filled: { postcode: '6000', region: 'Cebu' } },
}

test('[ORD16] each market: a right address passes with its phone as E.164; without a needed field, with a wrong postcode or phone it does not', () => {
  for (const profile of allProfiles()) {
    const example = examples[profile.code]
    if (!example) throw new Error(`no example address for ${profile.code}`)
    const right: Record<string, string> = {
      country: profile.country,
      name: 'Ann Lee',
      phone: example.phone,
      line1: 'Street 1',
      city: 'City',
      ...example.filled,
    }
    const answer = checkAddress(profile.address, right, 'courier')
    expect(answer, profile.code).toMatchObject({ ok: true })
    if (answer.ok) expect(answer.address.phone).toMatch(/^\+[1-9]\d{6,14}$/)
    for (const field of profile.address.filter((f) => f.required)) {
      expect(checkAddress(profile.address, { ...right, [field.name]: ' ' }, 'courier'), `${profile.code} ${field.name}`).toEqual({
        ok: false,
        field: field.name,
        problem: 'missing',
      })
    }
    for (const field of profile.address.filter((f) => f.pattern && f.name !== 'phone')) {
      expect(checkAddress(profile.address, { ...right, [field.name]: '!' }, 'courier'), profile.code).toEqual({
        ok: false,
        field: field.name,
        problem: 'pattern',
      })
    }
    for (const phone of ['123', '+33 1', 'call me', '+1 000 000 0000'])
      expect(checkAddress(profile.address, { ...right, phone }, 'courier'), `${profile.code} ${phone}`).toMatchObject({
        field: 'phone',
      })
  }
})

test('[ORD16] countries without a profile have the usual fields, with their postcodes', () => {
  const german = { country: 'DE', name: 'Ann Lee', phone: '030 901820', line1: 'Street 1', city: 'Berlin', postcode: '10115' }
  expect(checkAddress(usualFields('DE'), german, 'courier')).toMatchObject({ ok: true, address: { phone: '+4930901820' } })
  expect(checkAddress(usualFields('DE'), { ...german, postcode: '1011' }, 'courier')).toEqual({
    ok: false,
    field: 'postcode',
    problem: 'pattern',
  })
  expect(
    checkAddress(
      usualFields('AE'),
      { country: 'AE', name: 'Ann Lee', phone: '050 123 4567', line1: 'Street 1', city: 'Dubai' },
      'courier',
    ),
  ).toMatchObject({ ok: true })
  expect(checkAddress(usualFields('ZZ'), { ...german, country: 'ZZ' }, 'courier')).toMatchObject({ field: 'country' })
  expect(countries().length).toBeGreaterThan(200)
})

test('[ORD16] a pickup needs its point, not a street', () => {
  const fields = allProfiles()[0]!.address
  const given = { country: 'DE', name: 'Ann Lee', phone: '030 901820', city: 'Berlin', region: 'Berlin' }
  expect(checkAddress(fields, given, 'pickup')).toEqual({ ok: false, field: 'pickup', problem: 'missing' })
  expect(checkAddress(fields, { ...given, pickup: 'Point 12' }, 'pickup')).toMatchObject({
    ok: true,
    address: { pickup: 'Point 12' },
  })
})

test('[ORD10] one place is one place however it is typed, and fields the country does not know do not count', () => {
  const fields = usualFields('DE').filter((f) => f.name !== 'region')
  const one = normalAddress(fields, {
    country: 'DE',
    name: 'Ann Lee',
    phone: '1',
    line1: 'Main  Street 5',
    city: 'Berlin',
    postcode: '10115',
  })
  const other = normalAddress(fields, {
    country: 'DE',
    name: ' ann lee',
    phone: '2',
    line1: 'main street 5 ',
    city: 'BERLIN',
    postcode: '10115',
    region: 'B',
    line2: '',
  })
  expect(addressDigest(other)).toBe(addressDigest(one))
  expect(addressDigest({ ...one, line1: 'Main Street 6' })).not.toBe(addressDigest(one))
})

test('[ORD21] a rate belongs to the country of delivery', () => {
  const facts = { home: 'RU', to: 'RU', product: 1000, shop: 2200, there: 2200, market: 2200 }
  expect(taxRateFor(facts)).toBe(1000)
  expect(taxRateFor({ ...facts, product: null, shop: 700 })).toBe(700)
  expect(taxRateFor({ ...facts, product: null, shop: null })).toBe(2200)
  expect(taxRateFor({ ...facts, product: 0 })).toBe(0)
  expect(taxRateFor({ ...facts, to: 'US', there: 0, market: 0 })).toBe(0)
  expect(taxRateFor({ ...facts, to: 'FR', there: 2000, market: 0 })).toBe(2000)
  expect(taxRateFor({ ...facts, to: 'BE', there: null, market: 2000 })).toBe(1000)
  expect(taxRateFor({ ...facts, to: 'BE', product: null, shop: null, there: null, market: 2000 })).toBe(2000)
})
