import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Price } from '../../ui/Sale.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import { ProblemNote, ProblemState } from '../face/problem.tsx'
import './Checkout.css'
import { AddressPart, DeliveryPart, PaymentPart, TotalsPart } from './CheckoutParts.tsx'
import { Challenge, Done, Over, Waiting } from './CheckoutSteps.tsx'
import { type Step, useCheckout } from './use-checkout.ts'
import { type CheckoutForm, type Items, useCheckoutForm } from './use-form.ts'

export interface CheckoutSheetProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Null while units are being reserved. */
  readonly items: Items | null
  readonly currency: string
  /** Picture, name and ring; stays while the parts below change. */
  readonly head: ReactNode
  readonly title: string
  /** Variant and quantity, where they can still be changed. */
  readonly choice?: ReactNode
  /** Over a playing video the sheet leaves it free; elsewhere it may rise. */
  readonly overVideo: boolean
  readonly onStep: (step: Step) => void
  /** The way back to the beginning when the units are gone. */
  readonly onOver: () => void
  readonly closeText: string
}

/** The whole purchase in one sheet: form, confirmation, waiting, result. The page behind it goes on. */
export function CheckoutSheet(props: CheckoutSheetProps) {
  const { open, onClose, items, currency } = props
  const { locale } = useLanguage()
  const form = useCheckoutForm(items, currency)
  const purchase = useCheckout(props.onStep)
  const { step } = purchase
  const body = useRef<HTMLDivElement>(null)

  // A refusal about the address belongs to its field; a changed price to a new quote.
  const problem = step.at === 'form' ? step.problem : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each refusal
  useEffect(() => {
    if (problem?.refusal === 'address_invalid') form.refuse(String(problem.params.field), String(problem.params.problem))
    if (problem?.refusal === 'price_changed' || problem?.refusal === 'delivery_unavailable') form.view.again()
  }, [problem])

  const focusWrong = () => requestAnimationFrame(() => body.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
  const [asking, setAsking] = useState(false)
  const send = async () => {
    if (step.at === 'declined') {
      const token = await form.submitCard(step.checkout.payment?.form)
      return token === null ? focusWrong() : await purchase.tryCard(step.checkout, token)
    }
    const input = await form.submit(locale)
    return input === null ? focusWrong() : await purchase.place(input)
  }
  // The provider's form takes a moment to answer: a second press would ask it twice.
  const pay = () => {
    if (asking) return
    setAsking(true)
    void send().finally(() => setAsking(false))
  }
  const editing = step.at === 'form' || step.at === 'paying' || step.at === 'declined'
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={props.title}
      head={props.head}
      height={props.overVideo ? 'video' : 'tall'}
      footer={
        editing ? (
          <PayFooter form={form} step={step} busy={asking} onPay={pay} items={items} />
        ) : (
          <StepFooter step={step} onClose={onClose} onOver={props.onOver} closeText={props.closeText} />
        )
      }
    >
      <div ref={body} className="checkout" aria-busy={step.at === 'paying' || undefined}>
        {editing ? (
          <fieldset className="checkout-form" disabled={step.at === 'paying'}>
            <FormBody form={form} step={step} choice={props.choice} items={items} />
          </fieldset>
        ) : (
          <StepBody step={step} confirm={purchase.confirm} answered={purchase.answered} email={form.email} />
        )}
      </div>
    </Sheet>
  )
}

function FormBody({
  form,
  step,
  choice,
  items,
}: {
  readonly form: CheckoutForm
  readonly step: Step
  readonly choice: ReactNode
  readonly items: Items | null
}) {
  const words = useWords('checkout')
  if (step.at === 'declined') {
    const reason = step.checkout.payment?.declineReason
    const card = step.checkout.payment?.card
    return (
      <>
        <Banner tone="danger" title={card ? words('checkout.declined_card', { card: card.last4 }) : words('checkout.declined')}>
          {reason && words.has(`checkout.reason_${reason}`)
            ? words(`checkout.reason_${reason}` as 'checkout.reason_card_refused')
            : words('checkout.declined_text')}
        </Banner>
        <ProblemNote problem={step.problem} />
        <PaymentPart form={form} again={step.checkout} />
      </>
    )
  }
  if (form.view.state === 'failed') {
    return (
      <>
        {choice}
        <ProblemState problem={form.view.problem} again={form.view.again} />
        {form.view.problem.refusal === 'delivery_unavailable' ? <AddressPart form={form} startOpen /> : null}
      </>
    )
  }
  return (
    <>
      {choice}
      {step.at === 'form' ? <ProblemNote problem={step.problem} /> : null}
      {items === null || !form.quote ? (
        <FormSkeleton />
      ) : (
        <>
          <DeliveryPart form={form} />
          <AddressPart form={form} />
          <PaymentPart form={form} />
          <TotalsPart quote={form.quote} />
        </>
      )}
    </>
  )
}

function FormSkeleton() {
  return (
    <>
      <Skeleton height="64px" />
      <Skeleton height="168px" />
      <Skeleton height="120px" />
    </>
  )
}

/** Does not scroll: the total and the one button, in the words that the market's law wants. */
function PayFooter({
  form,
  step,
  busy,
  onPay,
  items,
}: {
  readonly form: CheckoutForm
  readonly step: Step
  readonly busy: boolean
  readonly onPay: () => void
  readonly items: Items | null
}) {
  const words = useWords('checkout')
  const formats = useFormats()
  const { quote } = form
  const total = step.at === 'declined' ? step.checkout.total : quote?.total
  const key = form.atTheDoor ? 'checkout.placeOrder' : (quote?.texts.payButton ?? 'checkout.pay')
  const label = words((words.has(key) ? key : 'checkout.pay') as 'checkout.pay', { total: total ? formats.price(total) : '' })
  const taxKey = quote?.texts.taxNote ?? 'checkout.taxIncluded'
  const returns = quote?.texts.returns
  const live = items?.some((item) => item.reservationId) ?? false
  return (
    <div className="pay">
      <p className="pay-total">
        <span>
          {words('common.total')}
          <small>{words.has(taxKey) ? words(taxKey as 'checkout.taxIncluded') : null}</small>
        </span>
        {total ? <Price price={total} /> : <Skeleton width="96px" height="28px" />}
      </p>
      <Button kind={live ? 'signal' : 'ink'} size="l" wide busy={busy || step.at === 'paying'} disabled={!total} onPress={onPay}>
        {label}
      </Button>
      <p className="pay-note">
        {[
          returns && words.has(returns) ? words(returns as 'checkout.returns14') : null,
          quote?.shops.map((shop) => words('checkout.sold_by', { shop: shop.name })).join(' · '),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  )
}

function StepBody({
  step,
  confirm,
  answered,
  email,
}: {
  readonly step: Step
  readonly confirm: ReturnType<typeof useCheckout>['confirm']
  readonly answered: ReturnType<typeof useCheckout>['answered']
  readonly email: string
}) {
  const [answering, setAnswering] = useState(false)
  switch (step.at) {
    case 'action':
      return (
        <Challenge
          checkout={step.checkout}
          problem={step.problem}
          busy={answering}
          onAnswered={() => void answered(step.checkout)}
          onAnswer={async (approve) => {
            setAnswering(true)
            await confirm(step.checkout, approve)
            setAnswering(false)
          }}
        />
      )
    case 'unsure':
    case 'waiting':
      return <Waiting checkout={step.at === 'waiting' ? step.checkout : null} />
    case 'done':
      return <Done checkout={step.checkout} email={email} />
    case 'over':
      return <Over checkout={step.checkout} />
    default:
      return null
  }
}

function StepFooter({
  step,
  onClose,
  onOver,
  closeText,
}: {
  readonly step: Step
  readonly onClose: () => void
  readonly onOver: () => void
  readonly closeText: string
}) {
  const words = useWords('checkout')
  if (step.at === 'over')
    return (
      <Button kind="ink" size="l" wide onPress={onOver}>
        {words('checkout.start_again')}
      </Button>
    )
  return (
    <Button kind={step.at === 'done' ? 'ink' : 'outline'} size="l" wide onPress={onClose}>
      {closeText}
    </Button>
  )
}
