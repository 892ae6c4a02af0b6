import { cx } from '../../../ui/cx.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { OrderView } from './order.tsx'
import './Order.css'

type Step = 'placed' | 'paid' | 'packed' | 'shipped' | 'delivered'

/** The road of an order: what was when, and where it stands. */
export function OrderLife({ order }: { readonly order: OrderView }) {
  const words = useWords('office')
  const formats = useFormats()
  const at: Readonly<Record<Step, number | undefined>> = {
    placed: order.placedAt,
    paid: order.paidAt,
    packed: order.packedAt,
    shipped: order.shippedAt,
    delivered: order.deliveredAt,
  }
  const steps: readonly Step[] = order.payOnDelivery
    ? ['placed', 'packed', 'shipped', 'delivered']
    : ['placed', 'paid', 'packed', 'shipped', 'delivered']
  const reached = steps.findLastIndex((step) => at[step] !== undefined)
  const off = order.state === 'cancelled' || order.state === 'refunded'
  return (
    <ol className="life" aria-label={words('office.life')}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={cx('life-step', index <= reached && 'life-done')}
          aria-current={!off && index === reached ? 'step' : undefined}
        >
          <i aria-hidden="true" />
          <b>{words(`office.step_${step}`)}</b>
          <small>{at[step] === undefined ? '–' : shortTime(formats, at[step], order.placedAt)}</small>
        </li>
      ))}
    </ol>
  )
}

/** The date stands above; on that day the hour says more. */
function shortTime(formats: ReturnType<typeof useFormats>, at: number, placedAt: number): string {
  const sameDay = new Date(at).toDateString() === new Date(placedAt).toDateString()
  return sameDay ? formats.date(at, 'time') : formats.date(at, 'day')
}
