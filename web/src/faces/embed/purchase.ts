import type { In, Out } from '@efir/contract/act.ts'
import { listMarkets } from '@efir/contract/markets.ts'
import { addressForm, checkout, confirmPayment, deliveryCountries, payAgain, placeOrder, quote } from '@efir/contract/orders.ts'
import { answerTestChallenge } from '@efir/contract/payments.ts'
import type { Locale } from '@efir/contract/scalars.ts'
import { addressOf, type Draft, type Field, fieldsFor } from '../../parts/orders/address.ts'
import { newKey } from './dom.ts'
import type { Guest } from './guest.ts'
import type { Bought } from './show.ts'

export type Checkout = Out<typeof checkout>
export type Quote = Out<typeof quote>

/** How far a purchase is. `unsure`: sent and no answer came; the same key is asked again, never a new one. */
export type Step =
  | { readonly at: 'loading' }
  | { readonly at: 'form'; readonly problem: string | null }
  | { readonly at: 'paying' }
  | { readonly at: 'unsure' }
  | { readonly at: 'action' | 'waiting' | 'declined' | 'done' | 'over'; readonly checkout: Checkout }

const steps: Readonly<Record<Checkout['state'], Exclude<Step['at'], 'loading' | 'form' | 'paying' | 'unsure'>>> = {
  needs_action: 'action',
  unknown: 'waiting',
  to_pay: 'declined',
  declined: 'declined',
  paid: 'done',
  at_the_door: 'done',
  cancelled: 'over',
}
const askAgainMs = 2_000

/** The countries that the browser's languages name: fr-FR is a hint at France, fr alone at where most who speak it live. */
const hintedCountries = (): string[] => navigator.languages.flatMap((tag) => new Intl.Locale(tag).maximize().region ?? [])

/** One purchase of reserved units, from the form to its end. */
export class Purchase {
  step: Step = { at: 'loading' }
  quote: Quote | null = null
  country = ''
  countries: readonly string[] = []
  fields: readonly Field[] = []
  draft: Draft = {}
  email = ''
  methodId: string | null = null
  method: string | null = null
  readonly bought: Bought
  private market = ''
  private sent: In<typeof placeOrder> | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly guest: Guest
  private readonly onChange: (step: Step) => void

  constructor(guest: Guest, bought: Bought, onChange: (step: Step) => void) {
    this.guest = guest
    this.bought = bought
    this.onChange = onChange
  }

  async open(): Promise<void> {
    const { guest, bought } = this
    const [markets, countries] = await Promise.all([guest.call(listMarkets, {}), guest.call(deliveryCountries, {})])
    const usable = markets.ok ? markets.value.markets.filter((one) => one.currency === bought.lot.price.currency) : []
    const found = usable.find((one) => hintedCountries().includes(one.country)) ?? usable[0]
    if (!found || !countries.ok) return this.move({ at: 'form', problem: 'network' })
    this.market = found.code
    this.countries = countries.value.countries
    await this.choose({ country: found.country })
  }

  /** Country, delivery or a way to pay: what it costs is asked anew. */
  async choose(change: { readonly country?: string; readonly methodId?: string; readonly method?: string }): Promise<void> {
    if (change.method !== undefined) this.method = change.method
    if (change.methodId !== undefined) this.methodId = change.methodId
    if (change.country !== undefined && change.country !== this.country) {
      this.country = change.country
      this.methodId = null
      const form = await this.guest.call(addressForm, { country: this.country })
      this.fields = form.ok ? form.value.fields : []
    }
    const shopId = this.quote?.shops[0]?.shopId
    const delivery = this.methodId && shopId ? [{ shopId, methodId: this.methodId }] : undefined
    const answer = await this.guest.call(quote, { market: this.market, items: this.items, country: this.country, delivery })
    if (answer.ok) {
      this.quote = answer.value
      this.methodId = answer.value.shops[0]?.chosen ?? null
      const methods = answer.value.methods
      if (!methods.some((one) => one.method === this.method)) this.method = methods[0]?.method ?? null
    }
    this.move({ at: 'form', problem: answer.ok ? null : (answer.refusal ?? answer.failure) })
  }

  /** The fields that the chosen delivery needs. */
  get asked(): readonly Field[] {
    const kind = this.quote?.shops[0]?.deliveries.find((one) => one.methodId === this.methodId)?.kind ?? 'courier'
    return fieldsFor(this.fields, kind)
  }

  get provider(): string | null {
    return this.quote?.methods.find((one) => one.method === this.method)?.provider ?? null
  }
  get atTheDoor(): boolean {
    return this.quote?.methods.find((one) => one.method === this.method)?.atTheDoor ?? false
  }

  async place(token: string | undefined, locale: Locale): Promise<void> {
    const { quote: quoted, methodId, method } = this
    if (!quoted || !methodId || !method) return
    const before = this.sent
    this.sent = {
      key: newKey(),
      market: this.market,
      items: this.items,
      email: this.email.trim(),
      address: addressOf(this.country, this.asked, this.draft),
      delivery: quoted.shops.map((shop) => ({ shopId: shop.shopId, methodId: shop.chosen ?? methodId })),
      payment: token === undefined ? { method } : { method, token },
      total: quoted.total,
      locale,
    }
    // The same contents after no answer are the same purchase.
    if (before && JSON.stringify({ ...before, key: '' }) === JSON.stringify({ ...this.sent, key: '' })) this.sent = before
    this.move({ at: 'paying' })
    await this.send()
  }

  async tryCard(of: Checkout, token: string): Promise<void> {
    this.move({ at: 'paying' })
    const answer = await this.guest.call(payAgain, { checkoutId: of.id, token, email: this.email.trim() })
    if (answer.ok) return this.arrive(answer.value)
    this.move({ at: answer.refusal === null || answer.refusal === 'payment_pending' ? 'waiting' : 'declined', checkout: of })
  }

  /** What the test bank is told; a real one has its own page, and then only the outcome is asked for. */
  async confirm(of: Checkout, approve: boolean | null): Promise<void> {
    this.move({ at: 'paying' })
    if (approve !== null && of.payment) await this.guest.call(answerTestChallenge, { paymentId: of.payment.id, approve })
    const answer = await this.guest.call(confirmPayment, { checkoutId: of.id, email: this.email.trim() })
    if (answer.ok) this.arrive(answer.value)
    else this.move({ at: 'waiting', checkout: of })
  }

  close(): void {
    clearTimeout(this.timer)
  }

  private get items(): In<typeof quote>['items'] {
    const { reservationId, offer, variantId, quantity } = this.bought
    return [reservationId ? { reservationId } : offer ? { offer } : { variantId, quantity }]
  }

  private async send(): Promise<void> {
    if (!this.sent) return
    const answer = await this.guest.call(placeOrder, this.sent)
    if (answer.ok) return this.arrive(answer.value)
    if (answer.refusal === null) return this.move({ at: 'unsure' })
    this.sent = null
    if (answer.refusal === 'price_changed') return await this.choose({})
    this.move({ at: 'form', problem: answer.refusal })
  }

  private arrive(of: Checkout): void {
    this.move({ at: steps[of.state], checkout: of })
  }

  private move(step: Step): void {
    this.step = step
    clearTimeout(this.timer)
    if (step.at === 'unsure') this.timer = setTimeout(() => void this.send(), askAgainMs)
    if (step.at === 'waiting') this.timer = setTimeout(() => void this.askAgain(step.checkout), askAgainMs)
    this.onChange(step)
  }

  private async askAgain(of: Checkout): Promise<void> {
    const answer = await this.guest.call(checkout, { checkoutId: of.id, email: this.email.trim() })
    this.arrive(answer.ok ? answer.value : of)
  }
}
