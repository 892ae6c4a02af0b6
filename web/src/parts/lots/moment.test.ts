import { describe, expect, test } from 'vitest'
import { type Lot, type Mine, nothing, pinsAt, withStock } from './lot.ts'
import { type Moment, momentOf, mostGraceMs, nextChangeAt, type Seen } from './moment.ts'

const start = 1_700_000_000_000
const lot = (given: Partial<Lot> = {}): Lot => ({
  id: 'lot_1',
  showId: 'shw_1',
  shopId: 'shp_1',
  shopName: 'Orvik',
  number: 7,
  productId: 'prd_1',
  title: { en: 'Watch' },
  variants: [{ variantId: 'var_1', options: {} }],
  price: { amount: 14_900, currency: 'EUR' },
  reference: { price: { amount: 18_900, currency: 'EUR' }, basis: 'lowest_30_days' },
  state: 'open',
  dealVersion: 3,
  opensAt: start,
  closesAt: start + 60_000,
  perBuyer: 2,
  quota: 300,
  left: 41,
  paying: 6,
  payFirst: false,
  guard: 'open',
  ...given,
})
const see = (given: Partial<Seen> = {}): Moment =>
  momentOf({ lot: lot(), mine: nothing, now: start + 13_000, online: true, delayMs: 2_000, selling: true, ...given })
const held = (expiresAt: number): Mine => ({
  at: 'held',
  held: {
    reservation: {
      id: 'rsv_1',
      lotId: 'lot_1',
      variantId: 'var_1',
      quantity: 1,
      price: { amount: 14_900, currency: 'EUR' },
      takenAt: expiresAt - 300_000,
      expiresAt,
      state: 'held',
    },
    heldMs: 300_000,
  },
})

describe('the card follows the deal', () => {
  test.each(['draft', 'armed'] as const)('a deal that is %s has no countdown and no button', (state) => {
    expect(see({ lot: lot({ state, opensAt: undefined, closesAt: undefined }) })).toEqual({
      at: 'soon',
      opensAt: null,
      fullMs: 0,
    })
  })

  test('counting shows when it opens, the ring full at the beginning of the count', () => {
    expect(see({ now: start - 1, countingSince: start - 12_000, lot: lot({ state: 'counting' }) })).toEqual({
      at: 'soon',
      opensAt: start,
      fullMs: 12_000,
    })
  })

  test('the button wakes at the opening instant of the server, before any message says so', () => {
    expect(see({ now: start, lot: lot({ state: 'counting' }) }).at).toBe('buy')
  })

  test('an open deal without an end has no end', () => {
    expect(see({ lot: lot({ closesAt: undefined }) })).toMatchObject({ at: 'buy', closesAt: null })
  })

  test('the window closes with a grace of the viewer’s delay, capped', () => {
    const at = (pastMs: number, delayMs: number) => see({ now: start + 60_000 + pastMs, delayMs }).at
    expect(at(1_999, 2_000)).toBe('buy')
    expect(at(2_000, 2_000)).toBe('ended')
    expect(at(mostGraceMs - 1, 60_000)).toBe('buy')
    expect(at(mostGraceMs, 60_000)).toBe('ended')
    expect(at(0, -500)).toBe('ended')
  })

  test.each(['expired', 'revoked'] as const)('a deal that is %s has ended whatever the clock says', (state) => {
    expect(see({ lot: lot({ state }) }).at).toBe('ended')
  })

  test('sold out is said by the deal or by the last unit', () => {
    expect(see({ lot: lot({ state: 'sold_out' }) }).at).toBe('sold_out')
    expect(see({ lot: lot({ left: 0 }) }).at).toBe('sold_out')
  })

  test('returned units make a lot that was empty buyable again', () => {
    expect(see({ lot: lot({ left: 1 }) }).at).toBe('buy')
  })

  test('a lot of another marketplace has a link and no window', () => {
    const link = { url: 'https://orvik.example/3', seller: 'orvik.example' }
    expect(see({ lot: lot({ link, left: 0, quota: 0, state: 'draft' }) })).toEqual({ at: 'elsewhere', ...link })
    expect(see({ lot: lot({ link, state: 'revoked' }) }).at).toBe('ended')
  })

  test('a show that sells no more ends its lots', () => {
    expect(see({ selling: false }).at).toBe('ended')
  })
})

describe('what is mine comes first', () => {
  test('a press keeps the button while the server decides, also past the end', () => {
    expect(see({ mine: { at: 'asking' } }).at).toBe('asking')
    expect(see({ mine: { at: 'asking' }, now: start + 90_000 }).at).toBe('asking')
  })

  test('a reservation shows its own time, not the deal’s', () => {
    expect(see({ mine: held(start + 300_000), lot: lot({ left: 0, state: 'sold_out' }) })).toEqual({
      at: 'yours',
      untilAt: start + 300_000,
      fullMs: 300_000,
      quantity: 1,
    })
  })

  test('a lapsed reservation falls back to what the deal says', () => {
    expect(see({ mine: held(start + 13_000) }).at).toBe('buy')
    expect(see({ mine: held(start + 13_000), lot: lot({ left: 0 }) }).at).toBe('sold_out')
  })

  test('a declined card keeps the reservation and its time', () => {
    expect(see({ mine: { at: 'declined', untilAt: start + 200_000, heldMs: 300_000, card: '4417' } })).toMatchObject({
      at: 'declined',
      card: '4417',
    })
    expect(see({ mine: { at: 'declined', untilAt: start + 13_000, heldMs: 300_000, card: '4417' } }).at).toBe('buy')
  })

  test('an outcome that is not known offers no second purchase, nor does the end of the deal hide it', () => {
    expect(see({ mine: { at: 'checking' }, lot: lot({ state: 'expired' }), online: false }).at).toBe('checking')
  })

  test('what was bought stays bought, offline too', () => {
    const mine: Mine = { at: 'bought', number: 'K7MP-QR4X', orderId: 'ord_1', boughtAt: start, paid: true, units: 1 }
    const { units: _, ...order } = mine
    expect(see({ mine, online: false })).toEqual({ ...order, more: false, full: false })
  })

  test('another one is offered while the limit and the lot allow it', () => {
    const bought = (units: number | null): Mine => ({
      at: 'bought',
      number: 'K7MP-QR4X',
      orderId: 'ord_1',
      boughtAt: start,
      paid: true,
      units,
    })
    expect(see({ mine: bought(1) })).toMatchObject({ more: true, full: false })
    expect(see({ mine: bought(2) })).toMatchObject({ more: false, full: true })
    // Until the server has counted, nothing is promised.
    expect(see({ mine: bought(null) })).toMatchObject({ more: false, full: false })
    expect(see({ mine: bought(1), lot: lot({ left: 0 }) })).toMatchObject({ more: false, full: false })
    expect(see({ mine: bought(1), lot: lot({ state: 'expired' }) })).toMatchObject({ more: false, full: false })
  })
})

test('offline shows no countdown', () => {
  expect(see({ online: false })).toEqual({ at: 'offline' })
  expect(see({ online: false, mine: held(start + 300_000) })).toEqual({ at: 'offline' })
  expect(see({ lot: null, online: false }).at).toBe('offline')
  expect(see({ lot: null }).at).toBe('loading')
})

test('the card knows when it changes by itself', () => {
  const base = { mine: nothing, online: true, delayMs: 2_000, selling: true }
  for (const now of [start - 5_000, start, start + 59_999]) {
    const seen = { ...base, now, lot: lot({ state: 'counting' }) }
    const at = nextChangeAt(momentOf(seen), 2_000)
    expect(at).not.toBeNull()
    expect(momentOf({ ...seen, now: (at ?? 0) - 1 }).at).toBe(momentOf(seen).at)
    expect(momentOf({ ...seen, now: at ?? 0 }).at).not.toBe(momentOf(seen).at)
  }
  expect(nextChangeAt({ at: 'ended' }, 0)).toBeNull()
})

test('units in the room are newer than those on the shelf, and a linked lot promises none', () => {
  expect(withStock(lot(), { left: 3, quota: 310, paying: 2 })).toMatchObject({ left: 3, quota: 310, paying: 2 })
  expect(withStock(lot({ link: { url: 'https://a.example', seller: 'a' } }), { left: 3, quota: 3, paying: 0 }).left).toBe(41)
  expect(withStock(lot(), null).left).toBe(41)
})

test('pins of a replay hold from their first picture to before their last, primary first', () => {
  const pins = [
    { lotId: 'b', slot: 'second', startAt: 100, endAt: 300 },
    { lotId: 'a', slot: 'primary', startAt: 200, endAt: 400 },
    { lotId: 'c', slot: 'primary', startAt: 400 },
  ] as const
  const at = (when: number) => pinsAt(pins, when).map((pin) => pin.lotId)
  expect(at(99)).toEqual([])
  expect(at(250)).toEqual(['a', 'b'])
  expect(at(300)).toEqual(['a'])
  expect(at(400)).toEqual(['c'])
})
