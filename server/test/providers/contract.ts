import { money } from '@efir/contract/money.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BeginAsk, Outcome, PaymentProvider, ProviderPayment } from '../../src/modules/payments/ports.ts'

/** One provider with its other side at hand. */
export interface ProviderHarness extends AsyncDisposable {
  readonly provider: PaymentProvider
  /** What the buyer's form gives for a card that does this. */
  token(what: 'success' | 'decline' | 'confirm'): Promise<string>
  /** A token whose payment loses its ask, or the answer to it. */
  lossy(where: 'ask' | 'answer'): Promise<string>
  /** What was lost is over. */
  mend(): void
  /** The buyer does what they are asked to do. */
  answer(payment: ProviderPayment, approve: boolean, paymentId: string): Promise<void>
  /** Every payment is asked of the buyer on a page; a token alone takes nothing. */
  readonly always: boolean
  /** What the provider calls with. */
  callbacks(paymentId: string): Promise<{ body: Buffer; headers: Record<string, string> }[]>
  readonly signs: boolean
  readonly now: () => number
  /** Sum of what it gave back for a payment, in its own books. */
  givenBack(ref: string): Promise<number>
  readonly currency: string
}

type Asked = Outcome<{ payment: ProviderPayment }>
const paymentOf = (asked: Asked): ProviderPayment => {
  expect(asked).toMatchObject({ kind: 'ok' })
  return (asked as Extract<Asked, { kind: 'ok' }>).payment
}

let asks = 0

/** The same for every provider: what may be relied on, whoever moves the money. */
export function providerContract(name: string, open: () => Promise<ProviderHarness>): void {
  describe(`${name}: the contract of a provider`, () => {
    let at: ProviderHarness
    beforeAll(async () => {
      at = await open()
    })
    afterAll(() => at[Symbol.asyncDispose]())

    const askOf = async (given: Partial<BeginAsk> & { what?: 'success' | 'decline' | 'confirm' } = {}): Promise<BeginAsk> => {
      const id = `pay_contract${++asks}`
      return {
        paymentId: id,
        idempotencyKey: id,
        amount: money(5000, at.currency),
        token: given.token ?? (await at.token(given.what ?? 'success')),
        capture: 'automatic',
        returnUrl: 'https://live.example/orders',
        group: `cko_${id}`,
        named: async () => true,
        ...given,
      }
    }
    /** To the end of what the buyer does. */
    const pay = async (ask: BeginAsk, approve = true): Promise<ProviderPayment> => {
      const first = paymentOf(await at.provider.begin(ask))
      if (first.state !== 'requires_action') return first
      await at.answer(first, approve, ask.paymentId)
      const told = await at.provider.lookUp({ paymentId: ask.paymentId, ref: first.ref, final: false })
      return (told as { payment: ProviderPayment }).payment
    }
    const captured = async (amount = 5000) => await pay(await askOf({ amount: money(amount, at.currency) }))

    test('takes the whole at once, says what it keeps, and says the same again', async () => {
      const ask = await askOf()
      const payment = await pay(ask)
      expect(payment).toMatchObject({ state: 'captured', captured: 5000 })
      expect(payment.fee).toBeGreaterThan(0)
      expect(payment.fee).toBeLessThan(5000)
      const again = await at.provider.lookUp({ paymentId: ask.paymentId, ref: payment.ref, final: false })
      expect(again).toMatchObject({
        kind: 'ok',
        payment: { state: 'captured', captured: 5000, fee: payment.fee, ref: payment.ref },
      })
    })

    test('the same ask again is the same payment', async () => {
      const ask = await askOf()
      const [one, two] = [paymentOf(await at.provider.begin(ask)), paymentOf(await at.provider.begin(ask))]
      expect(two.ref).toBe(one.ref)
    })

    test('holds first, takes less later and lets the rest go; asked again it takes no more', async () => {
      const held = await pay(await askOf({ capture: 'manual' }))
      expect(held).toMatchObject({ state: 'authorised', captured: 0 })
      const take = { ref: held.ref, amount: money(3000, at.currency), idempotencyKey: `${held.ref}:capture` }
      expect(paymentOf(await at.provider.capture(take))).toMatchObject({ state: 'captured', captured: 3000 })
      expect(paymentOf(await at.provider.capture(take))).toMatchObject({ state: 'captured', captured: 3000 })
    })

    test('never takes more than it holds', async () => {
      const held = await pay(await askOf({ capture: 'manual' }))
      const more = { ref: held.ref, amount: money(5001, at.currency), idempotencyKey: `${held.ref}:more` }
      expect(await at.provider.capture(more)).toMatchObject({ kind: 'refused' })
    })

    test('lets go of what it holds, and then takes nothing', async () => {
      const held = await pay(await askOf({ capture: 'manual' }))
      expect(paymentOf(await at.provider.void({ ref: held.ref, idempotencyKey: `${held.ref}:void` })).state).toBe('voided')
      const take = { ref: held.ref, amount: money(100, at.currency), idempotencyKey: `${held.ref}:capture` }
      expect(await at.provider.capture(take)).toMatchObject({ kind: 'refused' })
    })

    test('what is taken is not let go of: it says that it has it', async () => {
      const payment = await captured()
      const asked = await at.provider.void({ ref: payment.ref, idempotencyKey: `${payment.ref}:void` })
      if (asked.kind === 'ok') expect(asked.payment.state).toBe('captured')
      else expect(asked.kind).toBe('refused')
    })

    test('a decline is an answer with a reason', async () => {
      const ask = await askOf({ what: 'decline' })
      const payment = await pay(ask, false)
      expect(payment).toMatchObject({ state: 'declined', captured: 0, fee: 0 })
      expect(payment.declineReason).toBe('insufficient_funds')
    })

    test('a question to the buyer waits for them; their no is a decline', async () => {
      const ask = await askOf({ what: 'confirm' })
      const first = paymentOf(await at.provider.begin(ask))
      expect(first.state).toBe('requires_action')
      expect(first.action).toBeDefined()
      await at.answer(first, true, ask.paymentId)
      const yes = await at.provider.lookUp({ paymentId: ask.paymentId, ref: first.ref, final: false })
      expect(yes).toMatchObject({ payment: { state: 'captured' } })
      const no = await askOf({ what: 'confirm' })
      expect(await pay(no, false)).toMatchObject({ state: 'declined' })
    })

    test('gives back in parts, never more than it took', async () => {
      const { ref } = await captured(1000)
      const back = (id: string, amount: number) =>
        at.provider.refund({
          refundId: id,
          ref,
          refundRef: null,
          amount: money(amount, at.currency),
          idempotencyKey: `${ref}:${id}`,
          repeated: false,
        })
      expect(await back('rfd_one', 600)).toMatchObject({ kind: 'ok', state: 'done' })
      expect(await back('rfd_two', 500)).toMatchObject({ kind: 'refused' })
      expect(await back('rfd_three', 400)).toMatchObject({ kind: 'ok', state: 'done' })
      expect(await back('rfd_four', 100)).toMatchObject({ kind: 'refused' })
      expect(await at.givenBack(ref)).toBe(1000)
    })

    test('a refund asked for again is the same refund', async () => {
      const { ref } = await captured(1000)
      const ask = { refundId: 'rfd_again', ref, refundRef: null, amount: money(300, at.currency), idempotencyKey: `${ref}:again` }
      const one = await at.provider.refund({ ...ask, repeated: false })
      const two = await at.provider.refund({ ...ask, repeated: true })
      expect(two).toEqual(one)
      expect(await at.givenBack(ref)).toBe(300)
    })

    test('an answer that is lost is found out, and money is taken once', async () => {
      let ref: string | null = null
      const ask = await askOf({
        token: await at.lossy('answer'),
        named: async (name) => {
          ref = name
          return true
        },
      })
      const asked = await at.provider.begin(ask)
      at.mend()
      if (asked.kind === 'refused') return expect(asked.reason).toBe('never_arrived')
      if (asked.kind === 'unknown') expect(asked.why).not.toBe('')
      const told = await at.provider.lookUp({
        paymentId: ask.paymentId,
        ref: asked.kind === 'ok' ? asked.payment.ref : ref,
        final: false,
      })
      expect(told).toMatchObject({ kind: 'ok', payment: { state: 'captured', captured: 5000 } })
    })

    test('an ask that is lost takes nothing, and nothing can come of it when it is given up', async () => {
      let ref: string | null = null
      const ask = await askOf({
        token: await at.lossy('ask'),
        named: async (name) => {
          ref = name
          return true
        },
      })
      const asked = await at.provider.begin(ask)
      at.mend()
      expect(asked.kind).not.toBe('ok')
      expect(await at.provider.lookUp({ paymentId: ask.paymentId, ref, final: true })).toEqual({ kind: 'ok', payment: null })
      expect(await at.provider.lookUp({ paymentId: ask.paymentId, ref, final: true })).not.toMatchObject({
        payment: { state: 'captured' },
      })
    })

    test('what was given up before it was asked for is not asked for', async () => {
      let told: string | null = null
      const ask = await askOf({
        named: async (name) => {
          told = name
          return false
        },
      })
      const asked = await at.provider.begin(ask)
      if (told === null) return expect(asked.kind).toBe('ok')
      expect(asked.kind).toBe('unknown')
      expect(await at.provider.lookUp({ paymentId: ask.paymentId, ref: told, final: true })).not.toMatchObject({
        payment: { state: 'captured' },
      })
    })

    test('a payment that nobody made is nothing', async () => {
      expect(await at.provider.lookUp({ paymentId: 'pay_nobody', ref: null, final: true })).toEqual({ kind: 'ok', payment: null })
    })

    test('callbacks name our payment; what is forged, torn or senseless is refused and breaks nothing', async () => {
      const ask = await askOf()
      const payment = await pay(ask)
      const sent = await at.callbacks(ask.paymentId)
      expect(sent.length).toBeGreaterThan(0)
      const read = sent.map((one) => at.provider.readCallback(one.body, one.headers, at.now()))
      expect(read.every((one) => one.ok)).toBe(true)
      const callbacks = read.flatMap((one) => (one.ok && one.callback ? [one.callback] : []))
      expect(callbacks.some((one) => one.paymentId === ask.paymentId)).toBe(true)
      for (const one of callbacks) if (one.ref) expect(one.ref).toBe(payment.ref)
      const garbage = ['', '{', '[]', 'null', '{"type":5}', '{"event":"payment.succeeded"}', '\u0000'.repeat(50)]
      for (const text of garbage)
        for (const headers of [{}, { 'stripe-signature': 't=1,v1=00' }, { 'stripe-signature': 'x'.repeat(5000) }])
          expect(at.provider.readCallback(Buffer.from(text), headers, at.now())).toMatchObject({ ok: false })
      if (!at.signs) return
      const one = sent[0] as (typeof sent)[number]
      const changed = Buffer.from(one.body.toString().replace(ask.paymentId, 'pay_another'))
      expect(at.provider.readCallback(changed, one.headers, at.now())).toMatchObject({ ok: false })
      expect(at.provider.readCallback(one.body, {}, at.now())).toMatchObject({ ok: false })
      expect(at.provider.readCallback(one.body, one.headers, at.now() + 11 * 60_000)).toMatchObject({ ok: false })
    })
  })
}
