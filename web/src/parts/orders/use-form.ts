import type { In, Out } from '@efir/contract/act.ts'
import { addressForm, deliveryCountries, quote } from '@efir/contract/orders.ts'
import { type PayForm as PayFormKind, paymentSetup } from '@efir/contract/payments.ts'
import { type RefObject, useMemo, useRef, useState } from 'react'
import { useView, type View } from '../../net/query.ts'
import { now } from '../../ui/clock.ts'
import { useMe } from '../identity/session.ts'
import { type MarketProfile, marketFor, useMarket, useMarkets } from '../markets/market.ts'
import { addressOf, type Draft, type Field, type FieldName, fieldsFor, type Problems, problemsOf } from './address.ts'
import { type CardDraft, type CardProblems, cardProblems, emptyCard, tokenOf } from './card.ts'
import type { PayTerms } from './pay-messages.ts'
import { type PayForm, redirectToken, termsOf } from './pay-terms.ts'
import { readRemembered, remember } from './remembered.ts'

export type Items = In<typeof quote>['items']
export type Quote = Out<typeof quote>
type Placing = Omit<In<typeof import('@efir/contract/orders.ts').placeOrder>, 'key'>

const emailLike = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/
const noFields: readonly Field[] = []
const noCountries: readonly string[] = []

export interface CheckoutForm {
  readonly market: MarketProfile | null
  readonly view: View<Quote>
  readonly quote: Quote | undefined
  readonly country: string
  readonly setCountry: (country: string) => void
  readonly countries: readonly string[]
  readonly fields: readonly Field[]
  readonly callingCode: string
  readonly draft: Draft
  readonly setDraft: (draft: Draft) => void
  readonly email: string
  readonly setEmail: (email: string) => void
  readonly leave: (name: FieldName | 'email') => void
  readonly problems: Problems
  readonly emailProblem: 'missing' | 'wrong' | null
  readonly addressDone: boolean
  readonly chooseDelivery: (shopId: string, methodId: string) => void
  readonly method: string | null
  readonly setMethod: (method: string) => void
  readonly card: CardDraft
  readonly setCard: (card: CardDraft) => void
  readonly cardProblems: CardProblems
  readonly testCards: readonly { readonly number: string; readonly what: string }[]
  readonly atTheDoor: boolean
  /** The provider's own form in its frame, where there is one. */
  readonly payForm: RefObject<PayForm | null>
  readonly form: PayFormKind
  readonly account: string | undefined
  readonly terms: PayTerms | undefined
  /** What placeOrder needs; null while something is wrong, which is then marked. */
  submit(locale: Placing['locale']): Promise<Placing | null>
  /** A token for another try with another card; null while the card is wrong. */
  submitCard(as?: PayFormKind): Promise<string | null>
  /** The server knew better about a field. */
  refuse(field: string, problem: string): void
}

/** All that a purchase asks for, for one page or sheet. `items` is null until there is something to buy. */
export function useCheckoutForm(items: Items | null, currency: string): CheckoutForm {
  const markets = useMarkets()
  const chosen = useMarket()
  const market = marketFor(markets, currency, chosen)
  const me = useMe()
  const [kept] = useState(readRemembered)
  const [countryChosen, setCountry] = useState<string | null>(kept?.country ?? null)
  const [draft, setDraft] = useState<Draft>(kept?.draft ?? {})
  const [emailTyped, setEmail] = useState<string | null>(kept?.email ?? null)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState(false)
  const [cardAsked, setCardAsked] = useState(false)
  const [refused, setRefused] = useState<Problems>({})
  const [delivery, setDelivery] = useState<ReadonlyMap<string, string>>(new Map())
  const [methodChosen, setMethod] = useState<string | null>(null)
  const [card, setCard] = useState(emptyCard)
  const payForm = useRef<PayForm>(null)

  const country = countryChosen ?? market?.country ?? ''
  const email = emailTyped ?? me.value?.person?.email ?? ''
  const form = useView(addressForm, { country }, { when: country !== '', staleMs: Number.POSITIVE_INFINITY, keep: true })
  const countryList = useView(deliveryCountries, {}, { staleMs: Number.POSITIVE_INFINITY })
  const setup = useView(paymentSetup, {}, { staleMs: Number.POSITIVE_INFINITY })

  const deliveryList = useMemo(() => [...delivery].map(([shopId, methodId]) => ({ shopId, methodId })), [delivery])
  const asking = {
    market: market?.code ?? '',
    items: items ?? [],
    country,
    ...(deliveryList.length > 0 ? { delivery: deliveryList } : {}),
  }
  const view = useView(quote, asking, {
    when: items !== null && items.length > 0 && market !== null && country !== '',
    keep: true,
    staleMs: 15_000,
  })
  const quoted = view.value

  const kinds = quoted?.shops.map((shop) => shop.deliveries.find((one) => one.methodId === shop.chosen)?.kind ?? 'courier') ?? [
    'courier' as const,
  ]
  // A parcel that goes to a street needs the street, whatever the others need.
  const kind = kinds.every((one) => one === 'pickup') ? 'pickup' : 'courier'
  const base = form.value?.fields ?? noFields
  // biome-ignore lint/correctness/useExhaustiveDependencies: kinds is made anew each time; its words are compared
  const fields = useMemo(() => {
    const usual = fieldsFor(base, kind)
    const alsoPickup = kind !== 'pickup' && kinds.includes('pickup')
    return alsoPickup ? [...usual, { name: 'pickup' as const, required: true }] : usual
  }, [base, kind, kinds.join()])
  const found = problemsOf(fields, draft)
  const emailWrong = !emailLike.test(email.trim())
  const shown: Problems = { ...Object.fromEntries(Object.entries(found).filter(([name]) => asked || left.has(name))), ...refused }

  const methods = quoted?.methods ?? []
  const method = methods.some((one) => one.method === methodChosen) ? methodChosen : (methods[0]?.method ?? null)
  const atTheDoor = methods.find((one) => one.method === method)?.atTheDoor ?? false

  const chosenMethod = methods.find((one) => one.method === method)
  const payBy = chosenMethod?.form ?? 'card'
  const payFirst = quoted?.shops.some((shop) => shop.lines.some((line) => !line.reservationId)) ?? false

  const submitCard = async (as: PayFormKind = payBy): Promise<string | null> => {
    if (as === 'redirect') return redirectToken
    if (as === 'element') return (await payForm.current?.submit()) ?? null
    setCardAsked(true)
    return Object.keys(cardProblems(card, now())).length === 0 ? tokenOf(card) : null
  }
  return {
    market,
    view,
    quote: quoted,
    country,
    setCountry: (code) => {
      setCountry(code)
      setDelivery(new Map())
      setRefused({})
    },
    countries: countryList.value?.countries ?? noCountries,
    fields,
    callingCode: form.value?.callingCode ?? '',
    draft,
    setDraft: (next) => {
      setDraft(next)
      setRefused({})
    },
    email,
    setEmail,
    leave: (name) => setLeft((all) => new Set(all).add(name)),
    problems: shown,
    emailProblem: email.trim() === '' ? (asked ? 'missing' : null) : emailWrong && (asked || left.has('email')) ? 'wrong' : null,
    addressDone: !emailWrong && fields.length > 0 && Object.keys(found).length === 0 && Object.keys(refused).length === 0,
    chooseDelivery: (shopId, methodId) => setDelivery((all) => new Map(all).set(shopId, methodId)),
    method,
    setMethod,
    card,
    setCard,
    cardProblems: cardAsked ? cardProblems(card, now()) : {},
    testCards: setup.value?.testCards ?? [],
    atTheDoor,
    payForm,
    form: payBy,
    account: chosenMethod?.account,
    terms: quoted ? termsOf(quoted.total, payFirst) : undefined,
    async submit(locale) {
      setAsked(true)
      const choices = quoted?.shops.flatMap((shop) => (shop.chosen ? [{ shopId: shop.shopId, methodId: shop.chosen }] : [])) ?? []
      const token = atTheDoor ? undefined : await submitCard()
      if (!items || !market || !quoted || !method || emailWrong || Object.keys(found).length > 0 || token === null) return null
      remember({ country, draft, email: email.trim() })
      return {
        market: market.code,
        items,
        email: email.trim(),
        address: addressOf(country, fields, draft),
        delivery: choices,
        payment: token === undefined ? { method } : { method, token },
        total: quoted.total,
        locale,
      }
    },
    submitCard,
    refuse(field, problem) {
      setAsked(true)
      if (fields.some((one) => one.name === field))
        setRefused({ [field as FieldName]: problem === 'phone' || problem === 'missing' ? problem : 'pattern' })
    },
  }
}
