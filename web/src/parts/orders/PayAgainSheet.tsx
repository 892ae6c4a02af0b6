import { checkout } from '@efir/contract/orders.ts'
import { paymentSetup } from '@efir/contract/payments.ts'
import { useEffect, useRef, useState } from 'react'
import { useView } from '../../net/query.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { now } from '../../ui/clock.ts'
import { Sheet } from '../../ui/Sheet.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useFormats, useWords } from '../../ui/words.tsx'
import { ProblemNote, ProblemState } from '../face/problem.tsx'
import { CardForm } from './CardForm.tsx'
import { cardProblems, emptyCard, tokenOf } from './card.ts'
import './Checkout.css'
import { Challenge, Done, Over, Waiting } from './CheckoutSteps.tsx'
import { PayFrame } from './PayFrame.tsx'
import { type PayForm, redirectToken, termsOf } from './pay-terms.ts'
import { useCheckout } from './use-checkout.ts'

export interface PayAgainSheetProps {
  readonly checkoutId: string
  readonly email: string | undefined
  readonly open: boolean
  readonly onClose: () => void
}

/** Another card for an order that waits, from its page. */
export function PayAgainSheet({ checkoutId, email, open, onClose }: PayAgainSheetProps) {
  const words = useWords('checkout')
  const formats = useFormats()
  const view = useView(checkout, { checkoutId, ...(email ? { email } : {}) }, { staleMs: 0 })
  const setup = useView(paymentSetup, {}, { staleMs: Number.POSITIVE_INFINITY })
  const purchase = useCheckout(() => undefined, email)
  const [card, setCard] = useState(emptyCard)
  const [asked, setAsked] = useState(false)
  const [expiryHint] = useState(() => `12/${String(new Date(now()).getUTCFullYear() + 2).slice(2)}`)
  const { step } = purchase
  // What the checkout waits for decides where the sheet begins.
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins where the checkout stands
  useEffect(() => {
    if (view.value && step.at === 'form') purchase.resume(view.value)
  }, [view.value])
  const problems = cardProblems(card, now())
  const payForm = useRef<PayForm>(null)
  const payment = view.value?.payment
  const by = payment?.form ?? 'card'
  const pay = () => {
    setAsked(true)
    if (step.at !== 'declined') return
    const of = step.checkout
    const typed = () => (Object.keys(problems).length === 0 ? tokenOf(card) : null)
    const asked = by === 'element' ? payForm.current?.submit() : by === 'redirect' ? redirectToken : typed()
    void Promise.resolve(asked).then((token) => (token ? purchase.tryCard(of, token) : undefined))
  }
  const total = 'checkout' in step ? step.checkout.total : view.value?.total
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={words('checkout.payment')}
      height="content"
      footer={
        step.at === 'declined' || step.at === 'paying' ? (
          <Button kind="ink" size="l" wide busy={step.at === 'paying'} onPress={pay}>
            {words('checkout.pay', { total: total ? formats.price(total) : '' })}
          </Button>
        ) : undefined
      }
    >
      <div className="checkout">
        {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
        {view.state === 'loading' || step.at === 'form' ? <Skeleton height="200px" /> : null}
        {step.at === 'declined' || step.at === 'paying' ? (
          <fieldset className="checkout-form" disabled={step.at === 'paying'}>
            {step.at === 'declined' && step.checkout.payment?.state === 'declined' ? (
              <Banner tone="danger">{words('checkout.declined')}</Banner>
            ) : null}
            {step.at === 'declined' ? <ProblemNote problem={step.problem} /> : null}
            {by === 'redirect' ? <p className="muted">{words('checkout.redirect_note')}</p> : null}
            {by === 'element' && payment?.account ? (
              <PayFrame ref={payForm} account={payment.account} terms={termsOf(payment.amount, payment.capture === 'manual')} />
            ) : null}
            {by === 'card' ? (
              <CardForm
                card={card}
                onChange={setCard}
                problems={asked ? problems : {}}
                tests={setup.value?.testCards ?? []}
                expiryHint={expiryHint}
              />
            ) : null}
          </fieldset>
        ) : null}
        {step.at === 'action' ? (
          <Challenge
            checkout={step.checkout}
            problem={step.problem}
            busy={false}
            onAnswer={(approve) => void purchase.confirm(step.checkout, approve)}
            onAnswered={() => void purchase.answered(step.checkout)}
          />
        ) : null}
        {step.at === 'waiting' ? <Waiting checkout={step.checkout} /> : null}
        {step.at === 'done' ? <Done checkout={step.checkout} email={email ?? ''} /> : null}
        {step.at === 'over' ? <Over checkout={step.checkout} /> : null}
      </div>
    </Sheet>
  )
}
