import { findOrder } from '@efir/contract/orders.ts'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../net/query.ts'
import { Button } from '../../ui/Button.tsx'
import { go } from '../../ui/router.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { useWords } from '../../ui/words.tsx'
import { ProblemNote } from '../face/problem.tsx'
import './FindOrder.css'
import { proveOrder } from './proof.ts'

/** A guest opens an order again, on any device, by its number and the e-mail it was placed with. */
export function FindOrder({ number: given }: { readonly number?: string }) {
  const words = useWords('checkout')
  const [number, setNumber] = useState(given ?? '')
  const [email, setEmail] = useState('')
  const find = useAct(findOrder)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await find.run({ number: number.trim(), email: email.trim() })
    if (!answer.ok) return
    proveOrder(answer.value.number, { orderId: answer.value.id, email: email.trim() })
    go(`/order/${answer.value.number}?found=1`, { replace: given !== undefined })
  }
  return (
    <form className="find-order" onSubmit={submit} noValidate>
      <TextInput
        label={words('checkout.order_number')}
        value={number}
        onChange={(text) => setNumber(text.toUpperCase())}
        placeholder="K7MP-QR4X"
        dir="ltr"
        maxLength={12}
        autoComplete="off"
      />
      <TextInput label={words('checkout.email')} type="email" autoComplete="email" value={email} onChange={setEmail} />
      <Button kind="ink" type="submit" busy={find.busy} disabled={number.trim().length < 8 || email.trim() === ''}>
        {words('checkout.find_order')}
      </Button>
      <ProblemNote problem={find.problem} />
    </form>
  )
}
