import { shopBalances } from '@efir/contract/ledger.ts'
import { confirmPayment, quote, refundOrder } from '@efir/contract/orders.ts'
import {
  compareReport,
  platformPayAccounts,
  reconcilePayment,
  savePlatformPayAccount,
  saveShopPayAccount,
  sealSecretsAnew,
  shopPayAccounts,
} from '@efir/contract/payments.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeStripe, openFakeStripe, type Sent } from '../../../test/providers/stripe.ts'
import { cards } from '../../../test/providers/stripe-books.ts'
import { type FakeYooKassa, openFakeYooKassa } from '../../../test/providers/yookassa.ts'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import { openSealer } from '../../kernel/vault.ts'
import { addresses, bought, differences, openShelf, type Shelf } from './testing.ts'

let world: World
let stripe: FakeStripe
let yoo: FakeYooKassa
let operator: TestPerson
let platformId: string
let stripeKeys: { publicKey: string; secretKey: string; webhookSecret: string }

beforeAll(async () => {
  let clock: World['clock'] | null = null
  const now = () => clock?.now() ?? Date.now()
  stripe = await openFakeStripe({ now })
  yoo = await openFakeYooKassa({ now })
  world = await openWorld({ settings: { EFIR_STRIPE_API: stripe.url, EFIR_YOOKASSA_API: yoo.url } })
  clock = world.clock
  operator = await world.person({ operator: true })
  stripeKeys = { publicKey: stripe.publicKey, secretKey: stripe.secretKey, webhookSecret: stripe.webhookSecret }
  const { accounts } = await world.must(operator, savePlatformPayAccount, {
    provider: 'stripe',
    ...stripeKeys,
    markets: ['FR'],
    active: true,
  })
  platformId = accounts[0]?.id as string
})
afterAll(async () => {
  expect(await differences(world)).toEqual([])
  await world[Symbol.asyncDispose]()
  await Promise.all([stripe[Symbol.asyncDispose](), yoo[Symbol.asyncDispose]()])
})

const hook = (accountId: string, one: Pick<Sent, 'body' | 'headers'>) =>
  world.app.http.inject({
    method: 'POST',
    url: `/api/payments/callbacks/${accountId}`,
    headers: { 'content-type': 'application/json', ...one.headers },
    payload: one.body,
  })
const tellAll = async (accountId = platformId) => {
  for (const one of stripe.sent()) expect((await hook(accountId, one)).statusCode).toBe(200)
  await world.settle()
}
const card = (number: string) => stripe.tokenFor(number)
const pi = (paymentId: string) => [...stripe.intents.values()].find((i) => i.metadata['efir_payment'] === paymentId)
/** What the ledger says lies at a provider, in minor units. */
const clearing = async (name: string) =>
  (
    await world.ctx.one<{ sum: number }>(
      sql`select coalesce(sum(e.amount), 0)::bigint as sum from ledger.entry e join ledger.account a on a.id = e.account_id where a.kind = 'clearing' and a.owner_id = ${name}`,
    )
  ).sum
const theirs = () => stripe.lines().reduce((sum, line) => sum + line.net, 0)
const someone = () => world.person()

test('[PAY17] the platform takes money by its account in its markets, and the books agree with the provider', async () => {
  const shelf = await openShelf(world, { units: 20 })
  const buyer = await someone()
  const items = [{ variantId: shelf.variantId, quantity: 1 }]
  const asked = await world.must(buyer, quote, { market: 'FR', items, country: 'FR', address: addresses.FR })
  expect(asked.methods[0]).toEqual({ method: 'card', provider: 'stripe', atTheDoor: false, form: 'element', account: platformId })
  const done = await bought(world, buyer, shelf, { token: card(cards.success) })
  expect(done).toMatchObject({ state: 'paid', payment: { provider: 'stripe', card: { brand: 'visa', last4: '4242' } } })
  await tellAll()
  expect(await clearing(`stripe:${platformId}`)).toBe(theirs())
  const { balances } = await world.must(shelf.owner, shopBalances, { shopId: shelf.shopId })
  expect(balances[0]?.fees.amount).toBeGreaterThan(0)
  // Elsewhere the built-in provider of the demo goes on.
  const manila = await openShelf(world, { market: 'PH' })
  expect(await bought(world, await someone(), manila)).toMatchObject({ payment: { provider: 'test' } })
})

test('[PAY13] 3-D Secure: only the payer gets what answers it; confirmed, the order is paid', async () => {
  const shelf = await openShelf(world)
  const buyer = await someone()
  const asked = await bought(world, buyer, shelf, { token: card(cards.confirm) })
  expect(asked).toMatchObject({ state: 'needs_action', payment: { action: { kind: 'element' } } })
  const paymentId = asked.payment?.id as string
  expect(asked.payment?.action?.secret).toBe(pi(paymentId)?.client_secret)
  const seen = await world.must(operator, reconcilePayment, { paymentId })
  expect(JSON.stringify(seen)).not.toContain('_secret_')
  stripe.challenge(pi(paymentId)?.id as string, true)
  expect(await world.must(buyer, confirmPayment, { checkoutId: asked.id })).toMatchObject({ state: 'paid' })
})

test('[PAY6] [PAY18] answers that are lost, at whichever step: found out by the reference written down before', async () => {
  const shelf = await openShelf(world, { units: 20 })
  for (const [step, fault] of [
    ['/confirm', 'fail_after'],
    ['/confirm', 'fail_before'],
    ['/payment_intents', 'fail_after'],
    ['/confirm', 'busy'],
  ] as const) {
    const buyer = await someone()
    stripe.wire.faults = (a) => (a.method === 'POST' && a.path.endsWith(step) ? fault : null)
    const asked = await bought(world, buyer, shelf, { token: card(cards.success) })
    stripe.wire.faults = () => null
    await world.advance(2 * 60_000)
    const made = pi(asked.payment?.id as string)
    const paid = made?.status === 'succeeded'
    const row = await world.ctx.one<{ state: string }>(sql`select state from payments.payment where id = ${asked.payment?.id}`)
    expect([step, fault, row.state]).toEqual([step, fault, paid ? 'captured' : 'declined'])
    // What was given up is closed there too: an ask still under way finds a shut door.
    if (!paid && made && fault !== 'busy') expect(['canceled', 'requires_payment_method']).toContain(made.status)
    if (step === '/confirm' && fault === 'fail_before') expect(made?.status).toBe('canceled')
  }
  expect(await clearing(`stripe:${platformId}`)).toBe(theirs())
})

test('[PAY3] [PAY5] callbacks shuffled, doubled, forged, of another account: the truth stands, once', async () => {
  const shelf = await openShelf(world)
  stripe.sent()
  const asked = await bought(world, await someone(), shelf, { token: card(cards.success) })
  const sent = stripe.sent()
  const forged = { ...(sent[0] as Sent), headers: { 'stripe-signature': 't=1,v1=00' } }
  expect((await hook(platformId, forged)).statusCode).toBe(400)
  expect((await hook('pac_00000000000000000000000000', sent[0] as Sent)).statusCode).toBe(400)
  expect((await hook('test', sent[0] as Sent)).statusCode).toBe(400)
  for (const one of [...sent, ...sent].reverse()) expect((await hook(platformId, one)).statusCode).toBe(200)
  await world.settle()
  const { n } = await world.ctx.one<{ n: number }>(
    sql`select count(*)::int as n from ledger.transfer where payment_id = ${asked.payment?.id} and kind = 'capture'`,
  )
  expect(n).toBe(1)
})

test('[PAY4] a bank confirmed after the units had gone: the order lives again, or the money goes back by itself', async () => {
  const shelf = await openShelf(world, { units: 1 })
  const late = await someone()
  const asked = await bought(world, late, shelf, { token: card(cards.processing) })
  expect(asked.state).toBe('unknown')
  const intent = pi(asked.payment?.id as string)
  await world.tx((tx) =>
    tx.run(sql`update payments.payment set state = 'declined', decline_reason = 'never_arrived' where id = ${asked.payment?.id}`),
  )
  await world.advance(40 * 60_000)
  expect(await bought(world, await someone(), shelf, { token: card(cards.success) })).toMatchObject({ state: 'paid' })
  stripe.finish(intent?.id)
  await tellAll()
  await world.advance(60_000)
  expect([...stripe.refunds.values()].filter((r) => r.payment_intent === intent?.id)).toMatchObject([
    { status: 'succeeded', amount: intent?.amount },
  ])
  await tellAll()
  expect(await clearing(`stripe:${platformId}`)).toBe(theirs())
})

const orderPage = async (shelf: Shelf, orderId: string) =>
  await world.ctx.one<{ state: string; refunded_amount: number }>(
    sql`select state, refunded_amount from orders.order where id = ${orderId} and shop_id = ${shelf.shopId}`,
  )

test('[PAY14] a refund under way is done later; one that comes back is in the books again, and can be asked for again', async () => {
  const shelf = await openShelf(world)
  const slow = await bought(world, await someone(), shelf, { token: card(cards.refundPending) })
  const back = await bought(world, await someone(), shelf, { token: card(cards.refundFailsLater) })
  for (const one of [slow, back])
    await world.must(shelf.owner, refundOrder, {
      shopId: shelf.shopId,
      orderId: one.orders[0]?.id as string,
      key: 'refund-key-1',
      reason: 'asked',
    })
  await world.settle()
  const states = () =>
    world.ctx.rows<{ state: string }>(
      sql`select r.state from payments.refund r where r.payment_id = any(${[slow.payment?.id, back.payment?.id]}) order by r.id`,
    )
  expect((await states()).map((r) => r.state)).toEqual(['asked', 'done'])
  stripe.finish()
  await tellAll()
  await world.advance(60_000)
  expect((await states()).map((r) => r.state)).toEqual(['done', 'refused'])
  expect(await orderPage(shelf, back.orders[0]?.id as string)).toEqual({ state: 'paid', refunded_amount: 0 })
  expect(await clearing(`stripe:${platformId}`)).toBe(theirs())
})

test("[PAY19] a shop's own account is paid, bears its fee and gives back; the platform owes the shop nothing for it", async () => {
  const own = await openFakeStripe({ seed: 77, now: world.clock.now })
  const shelf = await openShelf(world, { units: 10 })
  const saved = await world.must(shelf.owner, saveShopPayAccount, {
    shopId: shelf.shopId,
    provider: 'stripe',
    publicKey: own.publicKey,
    secretKey: stripe.secretKey,
    webhookSecret: own.webhookSecret,
    markets: [],
    active: true,
  })
  const accountId = saved.accounts[0]?.id as string
  const before = theirs()
  const done = await bought(world, await someone(), shelf, { token: card(cards.success) })
  expect(done).toMatchObject({ state: 'paid', payment: { account: accountId } })
  const owed = async () => (await world.must(shelf.owner, shopBalances, { shopId: shelf.shopId })).balances[0]
  expect(await owed()).toMatchObject({ owed: { amount: 0 }, passedOn: { amount: theirs() - before } })
  await world.must(shelf.owner, refundOrder, {
    shopId: shelf.shopId,
    orderId: done.orders[0]?.id as string,
    key: 'refund-key-1',
    reason: 'asked',
    amount: { amount: 1000, currency: 'EUR' },
  })
  await world.settle()
  expect(await owed()).toMatchObject({ owed: { amount: 0 } })
  expect(await clearing(`stripe:${accountId}`)).toBe(0)
  // Two shops in one bag share no account of one of them.
  const other = await openShelf(world)
  const items = [shelf, other].map((s) => ({ variantId: s.variantId, quantity: 1 }))
  const both = await world.must(await someone(), quote, { market: 'FR', items, country: 'FR', address: addresses.FR })
  expect(both.methods[0]).toMatchObject({ account: platformId })
  stripe.sent()
  await own[Symbol.asyncDispose]()
})

test('[PAY20] YooKassa: paid on its page, with a receipt of the lines; what nobody signed is asked about, and lies change nothing', async () => {
  const shelf = await openShelf(world, { market: 'RU', amount: 199_900, delivery: 35_000 })
  const saved = await world.must(operator, savePlatformPayAccount, {
    provider: 'yookassa',
    publicKey: yoo.shopId,
    secretKey: yoo.secretKey,
    markets: ['RU'],
    active: true,
  })
  const accountId = saved.accounts.find((a) => a.provider === 'yookassa')?.id as string
  const buyer = await someone()
  const items = [{ variantId: shelf.variantId, quantity: 2 }]
  const asked = await bought(world, buyer, shelf, { items, token: 'redirect' })
  expect(asked).toMatchObject({ state: 'needs_action', payment: { provider: 'yookassa', action: { kind: 'redirect' } } })
  const payment = [...yoo.payments.values()].at(-1)
  expect(payment?.receipt).toMatchObject({
    customer: { email: 'buyer@example.com' },
    items: [
      { quantity: '2', amount: { value: '1999.00', currency: 'RUB' }, payment_subject: 'commodity' },
      { quantity: '1', amount: { value: '350.00' }, payment_subject: 'service' },
    ],
  })
  const lie = { type: 'notification', event: 'payment.succeeded', object: { ...payment, status: 'succeeded', paid: true } }
  for (let i = 0; i < 3; i++)
    expect((await hook(accountId, { body: Buffer.from(JSON.stringify(lie)), headers: {} })).statusCode).toBe(200)
  await world.advance(3_000)
  expect(await world.must(buyer, confirmPayment, { checkoutId: asked.id })).toMatchObject({ state: 'needs_action' })
  yoo.pay(payment?.id as string, 'paid')
  for (const one of yoo.sent()) expect((await hook(accountId, one)).statusCode).toBe(200)
  await world.advance(5_000)
  expect(await world.must(buyer, confirmPayment, { checkoutId: asked.id })).toMatchObject({
    state: 'paid',
    payment: { card: { last4: '4444' } },
  })
  // A notification cannot hand one payment's money to another.
  const poor = await bought(world, await someone(), shelf, { token: 'redirect' })
  const mixed = { event: 'payment.succeeded', object: { id: payment?.id, metadata: { efir_payment: poor.payment?.id } } }
  await hook(accountId, { body: Buffer.from(JSON.stringify(mixed)), headers: {} })
  await world.settle()
  expect(await world.ctx.one(sql`select state from payments.payment where id = ${poor.payment?.id}`)).toEqual({
    state: 'requires_action',
  })
})

test('[PAY15] keys are kept sealed: in no table, no answer and no event; only their ends are shown', async () => {
  const { accounts } = await world.must(operator, platformPayAccounts, {})
  const mine = accounts.find((a) => a.id === platformId)
  expect(mine?.ends).toEqual({
    secretKey: `sk_test_…${stripe.secretKey.slice(-4)}`,
    webhookSecret: `whsec_…${stripe.webhookSecret.slice(-4)}`,
  })
  expect(mine?.live).toBe(false)
  const tables = await world.ctx.rows<{ name: string }>(
    sql`select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  expect(tables.length).toBeGreaterThan(20)
  for (const { name } of tables) {
    const { rows } = await world.kernel.db.pool.query(`select coalesce(string_agg(t::text, ' '), '') as text from ${name} t`)
    for (const secret of [stripe.secretKey, stripe.webhookSecret, yoo.secretKey])
      expect((rows[0] as { text: string }).text.includes(secret), name).toBe(false)
  }
  const shelf = await openShelf(world)
  expect((await world.call(shelf.owner, platformPayAccounts, {})).ok).toBe(false)
  expect((await world.call(await someone(), shopPayAccounts, { shopId: shelf.shopId })).ok).toBe(false)
})

test('[PAY16] sealed anew after a change of the secret, and money is taken as before', async () => {
  const { sealed } = await world.ctx.one<{ sealed: string }>(sql`select sealed from payments.account where id = ${platformId}`)
  const text = openSealer([world.kernel.secret]).open(sealed, platformId)
  const earlier = 'the secret of the year before and long enough'
  await world.tx((tx) =>
    tx.run(
      sql`update payments.account set sealed = ${openSealer([earlier]).seal(text, platformId)}, version = version + 1 where id = ${platformId}`,
    ),
  )
  Object.assign(world.kernel, { config: { ...world.kernel.config, EFIR_SECRETS_BEFORE: earlier } })
  expect((await world.must(operator, platformPayAccounts, {})).accounts.find((a) => a.id === platformId)?.sealedBefore).toBe(true)
  expect(await world.must(operator, sealSecretsAnew, {})).toEqual({ sealed: 1 })
  expect(await world.must(operator, sealSecretsAnew, {})).toEqual({ sealed: 0 })
  Object.assign(world.kernel, { config: { ...world.kernel.config, EFIR_SECRETS_BEFORE: undefined } })
  const shelf = await openShelf(world)
  expect(await bought(world, await someone(), shelf, { token: card(cards.success) })).toMatchObject({ state: 'paid' })
})

test('keys of the wrong shape, mixed modes and doubled accounts are refused; another shop’s account does not exist', async () => {
  const shelf = await openShelf(world)
  const ask = (given: object) =>
    world.call(shelf.owner, saveShopPayAccount, {
      shopId: shelf.shopId,
      provider: 'stripe',
      ...stripeKeys,
      markets: [],
      active: true,
      ...given,
    })
  for (const wrong of [
    { publicKey: 'sk_test_abcdefgh' },
    { secretKey: 'pk_test_abcdefgh' },
    { webhookSecret: 'sk_test_abcdefgh' },
    { secretKey: 'sk_live_abcdefgh' },
    { secretKey: undefined },
    { webhookSecret: undefined },
  ])
    expect(await ask(wrong)).toMatchObject({ ok: false, refusal: 'bad_input' })
  expect(await ask({ accountId: platformId })).toMatchObject({ ok: false, refusal: 'not_found' })
  expect(await ask({ markets: ['XX'] })).toMatchObject({ ok: false, refusal: 'not_found' })
  const saved = await ask({})
  expect(saved.ok).toBe(true)
  expect(await ask({})).toMatchObject({ ok: false, refusal: 'bad_input' })
  const accountId = saved.ok ? saved.value.accounts[0]?.id : undefined
  // Switched off, without its secrets being said again.
  expect(await ask({ accountId, active: false, secretKey: undefined, webhookSecret: undefined })).toMatchObject({
    ok: true,
    value: { accounts: [{ active: false }] },
  })
  expect(await bought(world, await someone(), shelf, { token: card(cards.success) })).toMatchObject({
    payment: { account: platformId },
  })
})

test('[PAY22] the balance report agrees line by line; what was changed, left out or added is listed; fees and payouts are booked once', async () => {
  const shelf = await openShelf(world)
  await world.advance(10_000)
  stripe.silentAboutFees = true
  const untold = await bought(world, await someone(), shelf, { token: card(cards.success) })
  await tellAll()
  stripe.silentAboutFees = false
  const ref = pi(untold.payment?.id as string)?.id as string
  const [head = '', ...all] = stripe.balanceCsv().trim().split('\n')
  const mine = all.filter((line) => line.endsWith(ref))
  const compare = (lines: readonly string[]) =>
    world.must(operator, compareReport, { accountId: platformId, csv: [head, ...lines].join('\r\n') })
  // What the provider keeps had not been told: it is booked, and borne by the shop, once.
  expect(await compare(mine)).toEqual({ lines: 1, matched: 1, feesBooked: 1, differences: [], more: 0 })
  expect(await compare(mine)).toMatchObject({ matched: 1, feesBooked: 0 })
  await world.settle()
  expect((await world.must(shelf.owner, shopBalances, { shopId: shelf.shopId })).balances[0]?.fees.amount).toBe(70)
  const wrong = mine.map((line) => line.replace(/,eur,[\d.]+,/, ',eur,1.00,'))
  expect((await compare(wrong)).differences).toMatchObject([{ kind: 'amount', theirs: { amount: 100 }, ours: { amount: 2990 } }])
  const fee = mine.map((line) => line.replace(/(,eur,[\d.]+),[\d.]+,/, '$1,0.01,'))
  expect((await compare(fee)).differences).toMatchObject([{ kind: 'fee', theirs: { amount: 1 } }])
  const strange = mine.map((line) => line.replaceAll(ref, 'pi_nobody'))
  expect((await compare(strange)).differences.map((d) => d.kind)).toEqual(['missing_here', 'missing_there'])
  const already = await clearing(`stripe:${platformId}`)
  await world.advance(10_000)
  stripe.payOut(1_000, 'eur')
  const payout = stripe.balanceCsv().trim().split('\n').at(-1) as string
  for (let i = 0; i < 2; i++) expect(await compare([payout])).toMatchObject({ matched: 1, differences: [] })
  expect(await clearing(`stripe:${platformId}`)).toBe(already - 1_000)
  expect(await world.call(operator, compareReport, { accountId: platformId, csv: 'a,b\n1,2' })).toMatchObject({
    refusal: 'bad_input',
  })
  expect(await world.call(shelf.owner, compareReport, { accountId: platformId, csv: 'a,b\n1,2' })).toMatchObject({
    ok: false,
    refusal: 'not_allowed',
  })
})
