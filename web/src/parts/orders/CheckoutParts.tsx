import { textIn } from '@efir/contract/scalars.ts'
import { ChevronDown, CreditCard, MapPin } from 'lucide-react'
import { useState } from 'react'
import { RadioGroup } from '../../ui/Choice.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import { AddressForm } from './AddressForm.tsx'
import { addressLine } from './address.ts'
import { CardForm } from './CardForm.tsx'
import { PayFrame } from './PayFrame.tsx'
import { termsOf } from './pay-terms.ts'
import type { Checkout } from './use-checkout.ts'
import type { CheckoutForm, Quote } from './use-form.ts'

const dayMs = 86_400_000

/** Tue 25 – Thu 27 Nov, counted from today. */
function useDays(): (daysMin: number, daysMax: number) => string {
  const formats = useFormats()
  const [today] = useState(() => Date.now())
  return (daysMin, daysMax) =>
    daysMin === daysMax
      ? formats.date(today + daysMin * dayMs, 'day')
      : formats.dateRange(today + daysMin * dayMs, today + daysMax * dayMs, 'day')
}

export function DeliveryPart({ form }: { readonly form: CheckoutForm }) {
  const words = useWords('checkout')
  const formats = useFormats()
  const { locale } = useLanguage()
  const days = useDays()
  const shops = form.quote?.shops ?? []
  return shops.map((shop) => (
    <RadioGroup
      key={shop.shopId}
      label={shops.length > 1 ? words('checkout.delivery_of', { shop: shop.name }) : words('checkout.delivery')}
      look={shop.deliveries.length > 2 ? 'rows' : 'cards'}
      value={shop.chosen ?? null}
      onChange={(methodId) => form.chooseDelivery(shop.shopId, methodId)}
      options={shop.deliveries.map((one) => ({
        value: one.methodId,
        label: textIn(one.name, locale),
        note: one.joined ? words('checkout.joined') : days(one.daysMin, one.daysMax),
        end: one.price.amount === 0 ? words('common.free') : formats.price(one.price),
      }))}
    />
  ))
}

/** Filled in once, it is a line; opened again by a tap. */
export function AddressPart({ form, startOpen }: { readonly form: CheckoutForm; readonly startOpen?: boolean }) {
  const words = useWords('checkout')
  const formats = useFormats()
  const [open, setOpen] = useState(startOpen === true || !form.addressDone)
  const wrong = Object.keys(form.problems).length > 0 || form.emailProblem !== null
  if (!open && !wrong)
    return (
      <button type="button" className="checkout-row" onClick={() => setOpen(true)} aria-expanded={false}>
        <MapPin size={20} aria-hidden />
        <span>
          <b>
            <bdi>{addressLine(form.draft, formats.country(form.country))}</bdi>
          </b>
          <small>
            <bdi>{form.draft.name}</bdi>, <bdi>{form.draft.phone}</bdi>, <bdi>{form.email}</bdi>
          </small>
        </span>
        <ChevronDown size={18} aria-hidden />
      </button>
    )
  return (
    <section className="checkout-part" aria-label={words('checkout.address')}>
      <h3>{words('checkout.address')}</h3>
      <AddressForm
        country={form.country}
        countries={form.countries}
        onCountry={form.setCountry}
        fields={form.fields}
        callingCode={form.callingCode}
        draft={form.draft}
        onChange={form.setDraft}
        email={form.email}
        onEmail={form.setEmail}
        problems={form.problems}
        emailProblem={form.emailProblem}
        onLeave={form.leave}
      />
    </section>
  )
}

/** `again`: another try for a purchase that waits, by the way it was begun with. */
export function PaymentPart({ form, again }: { readonly form: CheckoutForm; readonly again?: Checkout }) {
  const onlyCard = again !== undefined
  const by = again?.payment?.form ?? form.form
  const account = again ? again.payment?.account : form.account
  const terms = again ? termsOf(again.total, again.payment?.capture === 'manual') : form.terms
  const words = useWords('checkout')
  const methods = form.quote?.methods ?? []
  const [expiryHint] = useState(() => `12/${String(new Date().getUTCFullYear() + 2).slice(2)}`)
  const card = onlyCard || (form.method !== null && !form.atTheDoor)
  return (
    <section className="checkout-part" aria-label={words('checkout.payment')}>
      <h3>{words('checkout.payment')}</h3>
      {!onlyCard && methods.length > 1 ? (
        <RadioGroup
          label={words('checkout.payment')}
          hideLabel
          look="cards"
          value={form.method}
          onChange={form.setMethod}
          options={methods.map((one) => ({
            value: one.method,
            label: words(
              one.atTheDoor ? 'checkout.method_cod' : one.form === 'card' ? 'checkout.method_card' : 'checkout.method_online',
            ),
            note: words(one.atTheDoor ? 'checkout.method_cod_note' : 'checkout.method_card_note'),
          }))}
        />
      ) : null}
      {methods.length === 0 && !onlyCard ? (
        <p className="muted">
          <CreditCard size={18} aria-hidden /> {words('checkout.no_methods')}
        </p>
      ) : null}
      {card && by === 'element' && account ? <PayFrame ref={form.payForm} account={account} terms={terms} /> : null}
      {card && by === 'redirect' ? <p className="muted">{words('checkout.redirect_note')}</p> : null}
      {card && by === 'card' ? (
        <CardForm
          card={form.card}
          onChange={form.setCard}
          problems={form.cardProblems}
          tests={form.testCards}
          expiryHint={expiryHint}
        />
      ) : null}
    </section>
  )
}

export function TotalsPart({ quote }: { readonly quote: Quote }) {
  const words = useWords('checkout')
  const formats = useFormats()
  const { locale } = useLanguage()
  const lines = quote.shops.flatMap((shop) => shop.lines)
  return (
    <dl className="totals">
      {lines.map((line) => (
        <div key={line.reservationId ?? line.variantId}>
          <dt>
            <bdi>{textIn(line.title, locale)}</bdi> × {formats.number(line.quantity)}
          </dt>
          <dd>{formats.money(line.total)}</dd>
        </div>
      ))}
      <div>
        <dt>{words('checkout.delivery')}</dt>
        <dd>{quote.delivery.amount === 0 ? words('common.free') : formats.money(quote.delivery)}</dd>
      </div>
      {quote.tax.amount > 0 ? (
        <div>
          <dt>{words(quote.taxIncluded ? 'checkout.tax_inside' : 'checkout.tax_added')}</dt>
          <dd>{formats.money(quote.tax)}</dd>
        </div>
      ) : null}
    </dl>
  )
}
