import { describe, expect, test } from 'vitest'
import { type DeskLot, lotAfter, lotInHand, type PlanItem, planAt, thumbOf } from './thumb.ts'

const t0 = 1_800_000_000_000
const lot = (id: string, given: Partial<DeskLot> = {}): DeskLot => ({
  id,
  showId: 'shw_1',
  shopId: 'shp_1',
  shopName: 'Orvik',
  number: Number(id),
  title: { en: id },
  variants: [],
  price: { amount: 100, currency: 'EUR' },
  state: 'armed',
  dealVersion: 1,
  perBuyer: 2,
  quota: 10,
  left: 10,
  payFirst: false,
  guard: 'open',
  position: Number(id),
  sold: 0,
  paying: 0,
  stockFree: 0,
  clicks: 0,
  takings: { amount: 0, currency: 'EUR' },
  ...given,
})
const item = (id: string, plannedSeconds: number, given: Partial<PlanItem> = {}): PlanItem => ({
  id,
  kind: 'lot',
  title: id,
  note: '',
  plannedSeconds,
  ...given,
})
const hand = (lots: DeskLot[], items: PlanItem[] = [], given = {}) =>
  thumbOf({ lots, items, online: true, slate: false, now: t0, ...given })

describe('the thumb does one thing', () => {
  test('without lots it makes one', () => {
    expect(hand([])).toEqual({ does: 'quick_lot' })
  })

  test('a lot lives through open, soon, close and next', () => {
    expect(hand([lot('1'), lot('2')])).toMatchObject({ does: 'open', lot: { id: '1' } })
    expect(hand([lot('1', { state: 'counting', opensAt: t0 + 5_000 })])).toMatchObject({ does: 'soon', opensAt: t0 + 5_000 })
    expect(hand([lot('1', { state: 'counting', opensAt: t0 })])).toMatchObject({ does: 'close' })
    expect(hand([lot('1', { state: 'open' }), lot('2')])).toMatchObject({ does: 'close', lot: { id: '1' } })
    expect(hand([lot('1', { state: 'expired', pinned: 'primary' }), lot('2')])).toMatchObject({ does: 'next', lot: { id: '2' } })
  })

  test('sold out turns into the next lot by itself, but not while someone is still paying', () => {
    expect(hand([lot('1', { state: 'open', left: 0, paying: 0, pinned: 'primary' }), lot('2')])).toMatchObject({ does: 'next' })
    expect(hand([lot('1', { state: 'open', left: 0, paying: 1, pinned: 'primary' }), lot('2')])).toMatchObject({ does: 'close' })
    expect(hand([lot('1', { state: 'sold_out', pinned: 'primary' }), lot('2')])).toMatchObject({ does: 'next' })
  })

  test('after the last lot nothing is left to do', () => {
    expect(hand([lot('1', { state: 'revoked' })])).toEqual({ does: 'all_sold' })
  })

  test('a lost network and the slate come before everything', () => {
    expect(hand([lot('1', { state: 'open' })], [], { online: false, slate: true })).toEqual({ does: 'wait_network' })
    expect(hand([lot('1', { state: 'open' })], [], { slate: true })).toEqual({ does: 'back_on_air' })
  })

  test('a lot that sells elsewhere is only shown', () => {
    expect(hand([lot('1', { pinned: 'primary', link: { url: 'https://a.example', seller: 'a' } }), lot('2')])).toMatchObject({
      does: 'next',
      lot: { id: '2' },
    })
  })
})

test('what is pinned first is in the hand, then what runs, then what the plan says', () => {
  const lots = [lot('1'), lot('2', { state: 'open' }), lot('3', { pinned: 'primary' })]
  expect(lotInHand(lots, [], t0)?.id).toBe('3')
  expect(lotInHand(lots.slice(0, 2), [], t0)?.id).toBe('2')
  expect(lotInHand([lot('1'), lot('2')], [item('a', 60, { lotId: '2', startedAt: t0 })], t0)?.id).toBe('2')
})

test('a lot that was closed a moment ago is out of the hand, though late taps are still let in', () => {
  const closing = lot('1', { state: 'open', closesAt: t0 })
  const items = [item('a', 60, { lotId: '2', startedAt: t0 })]
  expect(lotInHand([closing, lot('2')], items, t0)?.id).toBe('2')
  expect(lotInHand([closing, lot('2')], [], t0)?.id).toBe('2')
  expect(hand([{ ...closing, pinned: 'primary' }, lot('2')])).toMatchObject({ does: 'next', lot: { id: '2' } })
})

test('the plan orders the lots, and the next one comes round to those left out before', () => {
  const items = [item('a', 60, { lotId: '3' }), item('b', 60, { lotId: '1' })]
  const lots = [lot('1', { state: 'sold_out', pinned: 'primary' }), lot('2'), lot('3')]
  expect(lotAfter(lots, items, lots[0] ?? null)?.id).toBe('2')
  expect(lotAfter([lots[0] as DeskLot, lot('3')], items, lots[0] ?? null)?.id).toBe('3')
})

describe('the plan', () => {
  const items = [
    item('a', 120, { startedAt: t0, endedAt: t0 + 134_000 }),
    item('b', 600, { startedAt: t0 + 134_000 }),
    item('c', 300),
  ]

  test('knows how late the show is, and that overrunning makes it later', () => {
    const at = planAt(items, t0, t0 + 200_000)
    expect(at).toMatchObject({
      number: 2,
      of: 3,
      lateMs: 14_000,
      elapsedMs: 66_000,
      nextAt: t0 + 734_000,
      endsAt: t0 + 1_034_000,
    })
    expect(at.now?.id).toBe('b')
    expect(at.next?.id).toBe('c')
    expect(planAt(items, t0, t0 + 834_000)).toMatchObject({ lateMs: 114_000, nextAt: t0 + 834_000 })
  })

  test('before the first item it is on time', () => {
    expect(planAt([item('a', 60), item('b', 60)], t0, t0)).toMatchObject({ number: 0, lateMs: 0, now: null, nextAt: t0 })
  })

  test('an empty plan ends now', () => {
    expect(planAt([], t0, t0 + 5)).toMatchObject({ number: 0, of: 0, next: null, nextAt: null })
  })
})
