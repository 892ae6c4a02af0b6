import type { OrderState } from '@efir/contract/orders/shapes.ts'
import { Check } from 'lucide-react'
import { cx } from '../../ui/cx.ts'
import { useFormats, useWords } from '../../ui/words.tsx'

export interface OrderStepsProps {
  readonly state: OrderState
  readonly payOnDelivery: boolean
  readonly at?: {
    readonly placed?: number
    readonly paid?: number
    readonly packed?: number
    readonly shipped?: number
    readonly delivered?: number
  }
}

type StepName = 'placed' | 'paid' | 'packed' | 'shipped' | 'delivered'

/** How far an order has come. Paid at the door comes last. */
export function OrderSteps({ state, payOnDelivery, at = {} }: OrderStepsProps) {
  const words = useWords('checkout')
  const formats = useFormats()
  if (state === 'cancelled' || state === 'refunded') return <p className="order-steps-off">{words(`checkout.state_${state}`)}</p>
  const steps: readonly StepName[] = payOnDelivery
    ? ['placed', 'packed', 'shipped', 'delivered']
    : ['paid', 'packed', 'shipped', 'delivered']
  const reached =
    state === 'placed' && !payOnDelivery
      ? -1
      : steps.indexOf(state === 'paid' && payOnDelivery ? 'delivered' : (state as StepName))
  return (
    <ol className="order-steps">
      {steps.map((name, index) => (
        <li
          key={name}
          className={cx(index <= reached && 'order-step-done')}
          aria-current={index === reached ? 'step' : undefined}
        >
          <span className="order-step-dot" aria-hidden="true">
            {index <= reached ? <Check size={10} strokeWidth={4} /> : null}
          </span>
          <b>{words(`checkout.state_${name}`)}</b>
          {at[name] ? <small>{formats.date(at[name], 'day')}</small> : null}
        </li>
      ))}
    </ol>
  )
}
