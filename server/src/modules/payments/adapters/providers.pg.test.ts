import { providerContract } from '../../../../test/providers/contract.ts'
import { openFakeStripe } from '../../../../test/providers/stripe.ts'
import { cards } from '../../../../test/providers/stripe-books.ts'
import { openFakeYooKassa } from '../../../../test/providers/yookassa.ts'
import { openWorld } from '../../../../test/world.ts'
import { sql } from '../../../kernel/sql.ts'
import { openStripe } from './stripe.ts'
import { openTestProvider } from './test.ts'
import { openYooKassa } from './yookassa.ts'

const timeoutMs = 1_000

providerContract('the test provider', async () => {
  const world = await openWorld()
  const provider = openTestProvider(world.kernel)
  const tokens = { success: 'tok_test_success', decline: 'tok_test_decline', confirm: 'tok_test_confirm' }
  return {
    provider,
    currency: 'EUR',
    always: false,
    signs: true,
    now: world.clock.now,
    token: async (what) => tokens[what],
    lossy: async (where) => (where === 'ask' ? 'tok_test_lost' : 'tok_test_timeout'),
    mend: () => undefined,
    answer: async (_payment, approve, paymentId) => void (await provider.challenge(paymentId, approve)),
    callbacks: async (paymentId) => [await provider.callbackFor(paymentId, `evt_${paymentId}`)],
    givenBack: async (ref) =>
      (
        await world.ctx.one<{ sum: number }>(
          sql`select coalesce(sum(amount), 0)::bigint as sum from payments.test_refund where intent_id = ${ref}`,
        )
      ).sum,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
})

providerContract('Stripe', async () => {
  const fake = await openFakeStripe()
  const { secretKey, publicKey, webhookSecret } = fake
  const provider = openStripe({
    name: 'stripe:pac_1',
    holds: 'clearing',
    api: fake.url,
    secretKey,
    publicKey,
    webhookSecret,
    timeoutMs,
    retries: 0,
  })
  const numbers = { success: cards.success, decline: cards.insufficient, confirm: cards.confirm }
  return {
    provider,
    currency: 'EUR',
    always: false,
    signs: true,
    now: () => Date.now(),
    token: async (what) => fake.tokenFor(numbers[what]),
    async lossy(where) {
      const isConfirm = (path: string) => path.endsWith('/confirm')
      fake.wire.faults = (asked) => (isConfirm(asked.path) ? (where === 'ask' ? 'fail_before' : 'hang_after') : null)
      return fake.tokenFor(cards.success)
    },
    mend: () => {
      fake.wire.faults = () => null
    },
    answer: async (payment, approve) => fake.challenge(payment.ref, approve),
    callbacks: async (paymentId) => fake.sent().filter((one) => one.body.includes(paymentId)),
    givenBack: async (ref) =>
      [...fake.refunds.values()]
        .filter((r) => r.payment_intent === ref && r.status !== 'failed')
        .reduce((sum, r) => sum + r.amount, 0),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  }
})

providerContract('YooKassa', async () => {
  const fake = await openFakeYooKassa()
  const provider = openYooKassa({
    name: 'yookassa:pac_2',
    holds: 'clearing',
    api: fake.url,
    publicKey: fake.shopId,
    secretKey: fake.secretKey,
    timeoutMs,
  })
  let next: 'success' | 'decline' | 'confirm' = 'success'
  return {
    provider,
    currency: 'RUB',
    always: true,
    signs: false,
    now: () => Date.now(),
    async token(what) {
      next = what
      return 'redirect'
    },
    async lossy(where) {
      fake.wire.faults = (asked) => (asked.method === 'POST' ? (where === 'ask' ? 'cut_before' : 'hang_after') : null)
      return 'redirect'
    },
    mend: () => {
      fake.wire.faults = () => null
    },
    answer: async (payment, approve) =>
      fake.pay(payment.ref, approve ? 'paid' : next === 'decline' ? 'insufficient_funds' : '3d_secure_failed'),
    callbacks: async (paymentId) => fake.sent().filter((one) => one.body.includes(paymentId)),
    givenBack: async (ref) =>
      [...fake.refunds.values()]
        .filter((r) => r.payment_id === ref && r.status !== 'canceled')
        .reduce((sum, r) => sum + Math.round(Number(r.amount.value) * 100), 0),
    [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
  }
})
