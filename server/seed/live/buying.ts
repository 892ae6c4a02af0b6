import type { Out } from '@efir/contract/act.ts'
import { reserveLot } from '@efir/contract/lots.ts'
import { payAgain, placeOrder, quote } from '@efir/contract/orders.ts'
import { between, chance, pause, pickOf } from './chance.ts'
import type { Crowd, Guest } from './crowd.ts'
import type { LiveDesk } from './host.ts'
import { aside, log } from './log.ts'
import type { LivePlan } from './plan.ts'

type Lot = LiveDesk['lots'][number]
type Quote = Out<typeof quote>

/** Orders are kept for ever by the ledger, so the crowd buys slowly: at most so many in a minute. */
const ordersPerMinute = 2
const burst = 3
const goodCard = 'tok_test_success'
const pickupPoint = 'Demo 7'
const newKey = () => crypto.randomUUID()

/** Buys in each opening what a small crowd would, by the same acts as everybody. */
export class Buying {
  private readonly plan: LivePlan
  private readonly crowd: Crowd
  private readonly desk: LiveDesk
  private readonly signal: AbortSignal
  /** Openings that were seen, by lot and instant. */
  private readonly seen = new Set<string>()
  /** What a guest took of late; they do not take it again at once. */
  private readonly lately = new Map<string, string>()
  private allowance = burst
  private allowedAt = performance.now()

  constructor(plan: LivePlan, crowd: Crowd, desk: LiveDesk, signal: AbortSignal) {
    this.plan = plan
    this.crowd = crowd
    this.desk = desk
    this.signal = signal
  }

  async run(): Promise<void> {
    while (!this.signal.aborted) {
      await pause(2_000, this.signal)
      for (const lot of this.desk.lots)
        if (lot.state === 'open' && (lot.closesAt ?? Number.POSITIVE_INFINITY) > Date.now() + 5_000) this.meet(lot)
    }
  }

  private meet(lot: Lot): void {
    const opening = `${lot.id} ${lot.opensAt ?? 0}`
    if (this.seen.has(opening)) return
    this.seen.add(opening)
    if (this.seen.size > 500) this.seen.delete(this.seen.values().next().value as string)
    const windowMs = Math.max(5_000, (lot.closesAt ?? Date.now() + 60_000) - Date.now() - 4_000)
    const wishes = Math.round(between(2, 5))
    for (let i = 0; i < wishes; i++) aside('buying', this.wish(lot, Math.random() ** 1.6 * windowMs))
  }

  private async wish(lot: Lot, afterMs: number): Promise<void> {
    await pause(afterMs, this.signal)
    const free = this.crowd.present.filter((g) => this.lately.get(g.viewer.personId) !== lot.id)
    const guest = pickOf(free)
    if (!guest || this.signal.aborted) return
    this.lately.set(guest.viewer.personId, lot.id)
    const taken = await guest.person.try(reserveLot, {
      lotId: lot.id,
      variantId: pickOf(lot.variants)?.variantId,
      quantity: lot.perBuyer > 1 && chance(0.12) ? 2 : 1,
      key: newKey(),
      seenVersion: lot.dealVersion,
      delayMs: guest.delayMs,
    })
    if (!taken?.reservation) return
    // Some think better of it: their units come back by themselves when the time is over.
    if (!this.mayOrder() || chance(0.15)) return
    await pause(between(4_000, 18_000), this.signal)
    await this.order(guest, taken.reservation.id)
  }

  private mayOrder(): boolean {
    const now = performance.now()
    this.allowance = Math.min(burst, this.allowance + ((now - this.allowedAt) / 60_000) * ordersPerMinute)
    this.allowedAt = now
    if (this.allowance < 1) return false
    this.allowance -= 1
    return true
  }

  private async order(guest: Guest, reservationId: string): Promise<void> {
    const { viewer, person } = guest
    const asked = { market: this.plan.market, items: [{ reservationId }], country: viewer.address.country }
    const first = await person.try(quote, asked)
    if (!first) return
    const delivery = chosenIn(first)
    const chosen = delivery.map(({ shopId, methodId }) => ({ shopId, methodId }))
    const priced = await person.try(quote, { ...asked, delivery: chosen })
    if (!priced) return
    const card = chance(0.07) ? 'tok_test_decline' : goodCard
    const placed = await person.try(placeOrder, {
      key: newKey(),
      market: this.plan.market,
      items: asked.items,
      email: viewer.email,
      address: { ...viewer.address, name: viewer.name, ...(delivery.some((d) => d.pickup) ? { pickup: pickupPoint } : {}) },
      delivery: chosen,
      payment: { method: 'card', token: card },
      total: priced.total,
      locale: viewer.locale,
    })
    if (!placed) return
    let { state } = placed
    if (state === 'declined') {
      await pause(between(4_000, 9_000), this.signal)
      state = (await person.try(payAgain, { checkoutId: placed.id, token: goodCard }))?.state ?? state
    }
    log('ordered', { by: viewer.name, state, total: placed.total })
    await pause(between(2_000, 6_000), this.signal)
    if (chance(0.55)) this.crowd.speak(guest, 'bought')
  }
}

/** The cheapest way for each shop. */
function chosenIn(offered: Quote): { shopId: string; methodId: string; pickup: boolean }[] {
  return offered.shops.flatMap((shop) => {
    const best = shop.deliveries.toSorted((a, b) => a.price.amount - b.price.amount)[0]
    return best ? [{ shopId: shop.shopId, methodId: best.methodId, pickup: best.kind === 'pickup' }] : []
  })
}
