import type { In, Out } from '@efir/contract/act.ts'
import { cart, checkout, confirmPayment, myOrders, payAgain, placeOrder } from '@efir/contract/orders.ts'
import { answerTestChallenge } from '@efir/contract/payments.ts'
import { useEffect, useRef, useState } from 'react'
import { type Answer, call, newIdempotencyKey, type Problem } from '../../net/api.ts'
import { refresh } from '../../net/query.ts'

export type Checkout = Out<typeof checkout>

/** How far a purchase is. `unsure`: the order was sent and no answer came; the same key is asked again, never a new one. */
export type Step =
  | { readonly at: 'form'; readonly problem: Problem | null }
  | { readonly at: 'paying' }
  | { readonly at: 'unsure' }
  | { readonly at: 'action'; readonly checkout: Checkout; readonly problem: Problem | null }
  | { readonly at: 'waiting'; readonly checkout: Checkout }
  /** Another card may be tried until `checkout.payUntilAt`. */
  | { readonly at: 'declined'; readonly checkout: Checkout; readonly problem: Problem | null }
  | { readonly at: 'done'; readonly checkout: Checkout }
  | { readonly at: 'over'; readonly checkout: Checkout }

const stepOf = (of: Checkout): Step => {
  switch (of.state) {
    case 'needs_action':
      return { at: 'action', checkout: of, problem: null }
    case 'unknown':
      return { at: 'waiting', checkout: of }
    case 'to_pay':
    case 'declined':
      return { at: 'declined', checkout: of, problem: null }
    case 'paid':
    case 'at_the_door':
      return { at: 'done', checkout: of }
    default:
      return { at: 'over', checkout: of }
  }
}

type Placing = Omit<In<typeof placeOrder>, 'key'>
const askAgainMs = 2_000

/** The purchase itself, apart from its form. `email` proves a guest's order on another device. */
export function useCheckout(onStep: (step: Step) => void, email?: string) {
  const proof = email === undefined ? {} : { email }
  const [step, setStep] = useState<Step>({ at: 'form', problem: null })
  const told = useRef(onStep)
  told.current = onStep
  const alive = useRef(true)
  /** One key for one intent: the same contents again, after no answer, are the same purchase. */
  const sent = useRef<{ contents: string; key: string; input: Placing } | null>(null)
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])

  const move = (next: Step) => {
    if (next.at === 'done') void refresh(myOrders, cart)
    // The page learns what came of it even when the sheet has gone.
    told.current(next)
    if (alive.current) setStep(next)
  }

  const settle = (answer: Answer<typeof placeOrder>, otherwise: (problem: Problem) => Step) => {
    if (answer.ok) return move(stepOf(answer.value))
    if (answer.refusal === null) return move({ at: 'unsure' })
    move(otherwise(answer as Problem))
  }

  async function place(input: Placing): Promise<void> {
    const contents = JSON.stringify({ ...input, payment: input.payment.method })
    if (sent.current?.contents !== contents) sent.current = { contents, key: newIdempotencyKey(), input }
    sent.current = { ...sent.current, input }
    move({ at: 'paying' })
    const answer = await call(placeOrder, { ...input, key: sent.current.key })
    settle(answer, (problem) => {
      sent.current = null
      return { at: 'form', problem }
    })
  }

  const askAgain = async () => {
    if (!sent.current) return
    const answer = await call(placeOrder, { ...sent.current.input, key: sent.current.key })
    settle(answer, (problem) => ({ at: 'form', problem }))
  }

  async function tryCard(of: Checkout, token: string): Promise<void> {
    move({ at: 'paying' })
    const answer = await call(payAgain, { checkoutId: of.id, token, ...proof })
    if (answer.ok) return move(stepOf(answer.value))
    if (answer.refusal === null || answer.refusal === 'payment_pending') return move({ at: 'waiting', checkout: of })
    move({ at: 'declined', checkout: of, problem: answer as Problem })
  }

  async function confirm(of: Checkout, approve: boolean): Promise<void> {
    const paymentId = of.payment?.id
    if (!paymentId) return
    move({ at: 'paying' })
    const answered = await call(answerTestChallenge, { paymentId, approve })
    if (!answered.ok && answered.refusal !== 'payment_pending')
      return move({ at: 'action', checkout: of, problem: answered as Problem })
    const answer = await call(confirmPayment, { checkoutId: of.id, ...proof })
    move(answer.ok ? stepOf(answer.value) : { at: 'waiting', checkout: of })
  }

  /** The buyer has answered elsewhere: in the provider's form, or on its page. */
  async function answered(of: Checkout): Promise<void> {
    const answer = await call(confirmPayment, { checkoutId: of.id, ...proof })
    if (answer.ok && answer.value.state === 'needs_action') return
    move(answer.ok ? stepOf(answer.value) : { at: 'waiting', checkout: of })
  }

  const waitingFor = step.at === 'waiting' ? step.checkout.id : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: one clock for each waiting
  useEffect(() => {
    if (waitingFor === null && step.at !== 'unsure') return
    const timer = setInterval(async () => {
      if (waitingFor === null) return void askAgain()
      const answer = await call(checkout, { checkoutId: waitingFor, ...proof })
      if (answer.ok && answer.value.state !== 'unknown') move(stepOf(answer.value))
    }, askAgainMs)
    return () => clearInterval(timer)
  }, [waitingFor, step.at])

  return { step, place, tryCard, confirm, answered, resume: (of: Checkout) => move(stepOf(of)) }
}
