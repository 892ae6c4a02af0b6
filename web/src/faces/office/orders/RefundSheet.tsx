import { money } from '@efir/contract/money.ts'
import { orderCounts, packing, refundOrder, shopOrder, shopOrders } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { stockList } from '@efir/contract/stock.ts'
import { useState } from 'react'
import { newIdempotencyKey } from '../../../net/api.ts'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { RadioGroup } from '../../../ui/Choice.tsx'
import { MoneyInput, Stepper } from '../../../ui/NumberInput.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { leftToRefund, type OrderView } from './order.tsx'

const changed = [shopOrder, shopOrders, orderCounts, packing, stockList] as const

export interface RefundSheetProps {
  readonly order: OrderView | null
  readonly onClose: () => void
}

export function RefundSheet({ order, onClose }: RefundSheetProps) {
  const words = useWords('office')
  return (
    <Sheet
      open={order !== null}
      onClose={onClose}
      title={words('office.refund_of', { number: order?.number ?? '' })}
      height="content"
    >
      {order ? <RefundForm key={order.id} order={order} onClose={onClose} /> : null}
    </Sheet>
  )
}

type Way = 'amount' | 'units'

/** Never at once: how much and why is asked first, and the sum stands on the button. */
function RefundForm({ order, onClose }: { readonly order: OrderView; readonly onClose: () => void }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const { locale } = useLanguage()
  const [key] = useState(newIdempotencyKey)
  const [way, setWay] = useState<Way>('amount')
  const [amount, setAmount] = useState<number | null>(null)
  const [units, setUnits] = useState<Readonly<Record<string, number>>>({})
  const [reason, setReason] = useState('')
  const refunding = useAct(refundOrder, { changes: changed })
  const { currency } = order.total
  const left = leftToRefund(order)
  const goods = order.lines.filter((line) => line.kind === 'goods' && line.quantity > line.returned)
  const price = goods.reduce((sum, line) => sum + line.unitPrice.amount * (units[line.id] ?? 0), 0)
  const sum = way === 'amount' ? (amount ?? 0) : Math.min(price, left)
  const submit = async () => {
    const returned = goods.flatMap((line) => (units[line.id] ? [{ lineId: line.id, quantity: units[line.id] ?? 0 }] : []))
    const what = way === 'amount' ? { amount: money(sum, currency) } : { returned }
    const answer = await refunding.run({ shopId: order.shop.id, orderId: order.id, key, reason: reason.trim(), ...what })
    if (answer.ok) onClose()
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p className="muted">{words('office.refund_left', { sum: formats.money(money(left, currency)) })}</p>
      <RadioGroup<Way>
        label={words('office.refund_way')}
        look="chips"
        value={way}
        onChange={setWay}
        options={[
          { value: 'amount', label: words('office.refund_amount') },
          { value: 'units', label: words('office.refund_units'), disabled: goods.length === 0 },
        ]}
      />
      {way === 'amount' ? (
        <MoneyInput
          label={words('office.amount')}
          amount={amount}
          currency={currency}
          onChange={setAmount}
          error={amount !== null && amount > left ? words('refusals.refund_too_large') : undefined}
        />
      ) : (
        goods.map((line) => (
          <Stepper
            key={line.id}
            label={`${textIn(line.title, locale)} · ${formats.price(line.unitPrice)}`}
            value={units[line.id] ?? 0}
            min={0}
            max={line.quantity - line.returned}
            onChange={(value) => setUnits({ ...units, [line.id]: value ?? 0 })}
          />
        ))
      )}
      <TextInput label={words('office.reason')} value={reason} onChange={setReason} maxLength={300} dir="auto" />
      <ProblemNote problem={refunding.problem} />
      <Button
        kind="danger"
        type="submit"
        busy={refunding.busy}
        disabled={sum <= 0 || sum > left || reason.trim() === '' || (way === 'amount' && amount === null)}
      >
        {words('office.refund_do', { sum: formats.money(money(sum, currency)) })}
      </Button>
    </form>
  )
}
