import { Type } from 'typebox'
import { act, Nothing, Obj, PageOf, pageInput } from './act.ts'
import { MoneySchema, PriceSchema } from './money.ts'
import { Id, IdempotencyKey, Millis, ShortText } from './scalars.ts'

export const ShopBalance = Obj({
  currency: Type.String(),
  owed: Obj({ ...MoneySchema.properties }, 'what the shop has earned and not been paid: sales less returns, fees and payouts'),
  inTransit: Obj({ ...MoneySchema.properties }, 'asked to be paid out, not yet paid'),
  paidOut: Obj({ ...MoneySchema.properties }, 'paid out so far'),
  sales: Obj({ ...MoneySchema.properties }, 'all sales, gross'),
  returned: Obj({ ...MoneySchema.properties }, 'all that went back to buyers'),
  fees: Obj({ ...MoneySchema.properties }, 'kept by payment providers'),
  cash: Obj({ ...MoneySchema.properties }, 'collected by the shop itself at the door'),
  passedOn: Obj({ ...MoneySchema.properties }, "held by the shop's own account at a provider, or sent on to it"),
  platformShare: Obj({ ...MoneySchema.properties }, 'kept by the platform: always zero'),
})

export const statementKinds = ['sale', 'sale_return', 'shop_fee', 'cash_kept', 'passed_on', 'payout_asked', 'reversal'] as const
export const StatementKind = Type.Unsafe<(typeof statementKinds)[number]>({
  type: 'string',
  enum: [...statementKinds],
  description: 'why the balance moved',
})

export const StatementLine = Obj({
  id: Id('entry'),
  at: Millis,
  kind: StatementKind,
  amount: Obj({ ...MoneySchema.properties }, 'positive raises what the shop is owed'),
  after: Obj({ ...MoneySchema.properties }, 'what the shop was owed after it'),
  orderId: Type.Optional(Id('order')),
})

export const Payout = Obj({
  id: Id('payout'),
  shopId: Id('shop'),
  shopName: Type.String(),
  amount: MoneySchema,
  state: Type.Union([Type.Literal('requested'), Type.Literal('paid'), Type.Literal('refused')]),
  reference: Type.String({ description: "the bank's reference when paid, the reason when refused" }),
  requestedAt: Millis,
  settledAt: Type.Optional(Millis),
})

const office = ['shop:owner', 'shop:manager'] as const

export const shopBalances = act({
  name: 'shopBalances',
  method: 'GET',
  path: '/shops/:shopId/balances',
  who: office,
  summary: 'What a shop is owed, per currency, with what it is made of.',
  input: Obj({ shopId: Id('shop') }),
  output: Obj({ balances: Type.Array(ShopBalance) }),
})

export const shopStatement = act({
  name: 'shopStatement',
  method: 'GET',
  path: '/shops/:shopId/statement',
  who: office,
  summary: 'Every movement of what a shop is owed, newest first, with the balance after each.',
  input: Obj({ shopId: Id('shop'), currency: Type.String({ pattern: '^[A-Z]{3}$' }), ...pageInput }),
  output: PageOf(StatementLine),
})

export const shopPayouts = act({
  name: 'shopPayouts',
  method: 'GET',
  path: '/shops/:shopId/payouts',
  who: office,
  summary: 'The payouts of a shop, newest first.',
  input: Obj({ shopId: Id('shop'), ...pageInput }),
  output: PageOf(Payout),
})

export const requestPayout = act({
  name: 'requestPayout',
  method: 'POST',
  path: '/shops/:shopId/payouts',
  who: ['shop:owner'],
  summary: 'Ask to be paid out; the amount leaves the balance at once.',
  input: Obj({ shopId: Id('shop'), key: IdempotencyKey, amount: PriceSchema }),
  output: Payout,
  refusals: ['payout_too_large'],
})

export const openPayouts = act({
  name: 'openPayouts',
  method: 'GET',
  path: '/payouts',
  who: ['operator'],
  summary: 'Payouts that wait for the operator, oldest first.',
  input: Obj({ ...pageInput }),
  output: PageOf(Payout),
})

export const markPayoutPaid = act({
  name: 'markPayoutPaid',
  method: 'POST',
  path: '/payouts/:payoutId/paid',
  who: ['operator'],
  summary: 'The bank has paid it.',
  input: Obj({ payoutId: Id('payout'), reference: ShortText(120) }),
  output: Payout,
  refusals: ['payout_state'],
})

export const refusePayout = act({
  name: 'refusePayout',
  method: 'POST',
  path: '/payouts/:payoutId/refuse',
  who: ['operator'],
  summary: 'The amount goes back to the balance of the shop.',
  input: Obj({ payoutId: Id('payout'), reason: ShortText(300) }),
  output: Payout,
  refusals: ['payout_state'],
})

export const recordSettlement = act({
  name: 'recordSettlement',
  method: 'POST',
  path: '/settlements',
  who: ['operator'],
  summary: "A payment provider has paid into the platform's bank account.",
  input: Obj({ key: IdempotencyKey, provider: Type.String({ pattern: '^[a-z0-9_-]{2,30}$' }), amount: PriceSchema }),
  output: Obj({ transferId: Id('transfer') }),
})

export const platformBalances = act({
  name: 'platformBalances',
  method: 'GET',
  path: '/balances',
  who: ['operator'],
  summary: 'The sum of each kind of account, per currency; they always sum to zero.',
  input: Nothing,
  output: Obj({
    balances: Type.Array(Obj({ kind: Type.String(), currency: Type.String(), amount: MoneySchema, accounts: Type.Integer() })),
  }),
})

export const acts = [
  shopBalances,
  shopStatement,
  shopPayouts,
  requestPayout,
  openPayouts,
  markPayoutPaid,
  refusePayout,
  recordSettlement,
  platformBalances,
] as const
