import { textIn } from '@efir/contract/scalars.ts'
import { Check, Clock3, Landmark, Mail } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Problem } from '../../net/api.ts'
import { Button } from '../../ui/Button.tsx'
import { Link } from '../../ui/router.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import { Shot } from '../catalog/Shot.tsx'
import { ProblemNote } from '../face/problem.tsx'
import { OrderSteps } from './OrderSteps.tsx'
import { PayFrame } from './PayFrame.tsx'
import type { Checkout } from './use-checkout.ts'

/** The bank asks the buyer. For the test provider its page is drawn here; a real one would show its own. */
export function Challenge(props: {
  readonly checkout: Checkout
  readonly problem: Problem | null
  readonly busy: boolean
  readonly onAnswer: (approve: boolean) => void
  /** Answered in the provider's form, or perhaps on its page. */
  readonly onAnswered: () => void
}) {
  const words = useWords('checkout')
  const formats = useFormats()
  const { checkout } = props
  const { payment } = checkout
  const url = payment?.action?.url
  const toldBack = useRef(props.onAnswered)
  toldBack.current = props.onAnswered
  const elsewhere = payment?.action?.kind === 'redirect'
  // Back from the bank's page, in this tab or beside it.
  useEffect(() => {
    if (!elsewhere) return
    const look = () => document.visibilityState === 'visible' && toldBack.current()
    const timer = setInterval(look, 4_000)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [elsewhere])
  if (payment?.action?.kind === 'element' && payment.action.secret && payment.account)
    return (
      <section ref={(at) => at?.scrollIntoView({ block: 'start' })} className="step" aria-live="polite">
        <h3 className="step-title">{words('checkout.bank_title')}</h3>
        <PayFrame account={payment.account} secret={payment.action.secret} onAnswered={props.onAnswered} />
      </section>
    )
  return (
    <section className="step" aria-live="polite">
      <span className="step-icon">
        <Landmark size={28} aria-hidden />
      </span>
      <h3 className="step-title">{words('checkout.bank_title')}</h3>
      <p className="step-text">
        {payment?.card
          ? words('checkout.bank_text', { total: formats.money(checkout.total), card: payment.card.last4 })
          : words('checkout.bank_text_plain', { total: formats.money(checkout.total) })}
      </p>
      <ProblemNote problem={props.problem} />
      {elsewhere && url ? (
        <Button kind="ink" size="l" wide href={url} beside>
          {words('checkout.bank_open')}
        </Button>
      ) : (
        <div className="step-actions">
          <Button kind="signal" size="l" wide busy={props.busy} onPress={() => props.onAnswer(true)}>
            {words('checkout.bank_approve')}
          </Button>
          <Button kind="outline" size="l" wide disabled={props.busy} onPress={() => props.onAnswer(false)}>
            {words('checkout.bank_refuse')}
          </Button>
          <p className="pay-note">{words('checkout.bank_test')}</p>
        </div>
      )}
    </section>
  )
}

/** Nobody knows yet. Nothing to press: pressing again is what must not happen. */
export function Waiting({ checkout }: { readonly checkout: Checkout | null }) {
  const words = useWords('checkout')
  return (
    <section className="step" role="status">
      <span className="step-icon">
        <Clock3 size={28} aria-hidden />
      </span>
      <h3 className="step-title">{words('checkout.waiting_title')}</h3>
      <p className="step-text">{words(checkout ? 'checkout.waiting_text' : 'checkout.unsure_text')}</p>
      <span className="spinner step-spinner" aria-hidden="true" />
    </section>
  )
}

export function Done({ checkout, email }: { readonly checkout: Checkout; readonly email: string }) {
  const words = useWords('checkout')
  const formats = useFormats()
  const { locale } = useLanguage()
  const paid = checkout.state === 'paid'
  const at = checkout.orders[0]?.placedAt
  const total = formats.money(checkout.total)
  return (
    <section className="step" aria-live="polite">
      <span className="step-icon step-icon-ok">
        <Check size={30} strokeWidth={3} aria-hidden />
      </span>
      <h3 className="step-title">{words('checkout.done_title')}</h3>
      <p className="step-text">
        {paid
          ? words('checkout.done_paid', { total, time: at ? formats.date(at, 'clock') : '' })
          : words('checkout.done_door', { total })}
      </p>
      {checkout.orders.map((order) => (
        <article key={order.id} className="done-order">
          <div className="done-order-top">
            <span className="done-order-picture">
              <Shot base={order.picture} alt="" sizes="56px" />
            </span>
            <span className="done-order-text">
              <b>
                <bdi>{textIn(order.title, locale)}</bdi>
              </b>
              <small>
                <bdi>{order.shopName}</bdi> · {words('checkout.units', { n: order.units })}
              </small>
            </span>
            <Link to={`/order/${order.number}`} className="done-order-number">
              {words('checkout.order_number')} <bdi>{order.number}</bdi>
            </Link>
          </div>
          <OrderSteps state={order.state} payOnDelivery={order.payOnDelivery} />
        </article>
      ))}
      <p className="done-mail">
        <Mail size={18} aria-hidden />
        <span>{words('checkout.done_mail', { email })}</span>
      </p>
    </section>
  )
}

export function Over({ checkout }: { readonly checkout: Checkout }) {
  const words = useWords('checkout')
  return (
    <section className="step" role="alert">
      <span className="step-icon">
        <Clock3 size={28} aria-hidden />
      </span>
      <h3 className="step-title">{words('checkout.over_title')}</h3>
      <p className="step-text">{words(checkout.payment?.state === 'captured' ? 'checkout.over_refund' : 'checkout.over_text')}</p>
    </section>
  )
}
