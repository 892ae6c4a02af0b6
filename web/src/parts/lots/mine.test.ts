import { describe, expect, test } from 'vitest'
import { type Mine, nothing } from './lot.ts'
import { heldOf, type Known, type Said, saidOf, settle } from './mine.ts'

const t = 1_700_000_000_000
const reservation = (given: Partial<Said['reservations'][number]> = {}): Said['reservations'][number] => ({
  id: 'rsv_1',
  lotId: 'lot_1',
  variantId: 'var_1',
  quantity: 1,
  price: { amount: 4_900, currency: 'EUR' },
  takenAt: t,
  expiresAt: t + 300_000,
  state: 'held',
  ...given,
})
const order = { id: 'ord_1', number: 'K7MP-QR4X', quantity: 1, placedAt: t + 20_000, paid: true, open: false }
const said = (given: Partial<Said> = {}): Said => ({ reservations: [], lots: [], now: t + 30_000, ...given })
const bought: Mine = { at: 'bought', number: 'K7MP-QR4X', orderId: 'ord_1', boughtAt: t + 20_000, paid: true, units: 1 }
const held = (takenAt = t): Known => ({ mine: { at: 'held', held: heldOf(reservation({ takenAt })) }, since: takenAt })

describe('what the server says is mine', () => {
  test('held units, with the ring as full as when they were taken', () => {
    expect(saidOf(said({ reservations: [reservation()] }), 'lot_1')).toMatchObject({
      mine: { at: 'held', held: { heldMs: 300_000, reservation: { id: 'rsv_1' } } },
    })
    expect(saidOf(said({ reservations: [reservation()] }), 'lot_2').mine).toBe(nothing)
  })

  test('an order, with what it took of the limit', () => {
    expect(saidOf(said({ lots: [{ lotId: 'lot_1', units: 1, order }] }), 'lot_1').mine).toEqual(bought)
  })

  test('an order whose bank has not answered is looked at, not bought again', () => {
    const open = { ...order, paid: false, open: true }
    const committed = reservation({ state: 'committed' })
    expect(saidOf(said({ reservations: [committed], lots: [{ lotId: 'lot_1', units: 1, order: open }] }), 'lot_1').mine).toEqual({
      at: 'checking',
      number: 'K7MP-QR4X',
    })
    expect(saidOf(said({ reservations: [committed] }), 'lot_1').mine).toEqual({ at: 'checking' })
  })

  test('units that wait for payment come before an older order', () => {
    const both = said({ reservations: [reservation({ takenAt: t + 25_000 })], lots: [{ lotId: 'lot_1', units: 2, order }] })
    expect(saidOf(both, 'lot_1').mine.at).toBe('held')
  })
})

describe("the server's word and this page's own", () => {
  const word = (mine: Mine, since: number): Known => ({ mine, since })

  test('a page that knows nothing believes it', () => {
    expect(settle(word(nothing, 0), word(bought, t), t)).toEqual(word(bought, t))
  })

  test('what another tab paid is bought here, too', () => {
    expect(settle(held(), word(bought, t + 20_000), t + 30_000).mine).toBe(bought)
  })

  test('an older purchase does not take away the units of the present one', () => {
    expect(settle(held(t + 60_000), word(bought, t + 20_000), t + 90_000).mine.at).toBe('held')
    expect(settle(word({ at: 'asking' }, t + 60_000), word(bought, t + 20_000), t + 90_000).mine.at).toBe('asking')
  })

  test('an answer that may be older than the tap changes nothing; a later one does', () => {
    expect(settle(held(), word(nothing, 0), t + 400).mine.at).toBe('held')
    expect(settle(held(), word(nothing, 0), t + 5_000).mine.at).toBe('nothing')
    expect(settle(word(bought, t + 20_000), word(nothing, 0), t + 60_000).mine.at).toBe('nothing')
  })

  test('a declined card stays declined while the order is open', () => {
    const declined: Mine = { at: 'declined', untilAt: t + 300_000, heldMs: 300_000, card: '9995' }
    expect(settle(word(declined, t), word({ at: 'checking', number: 'K7MP-QR4X' }, t + 10), t + 5_000).mine).toBe(declined)
  })
})
