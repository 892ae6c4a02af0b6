import type { PaymentProvider, ProviderPayment } from '../ports.ts'

/** Cash on delivery: promised when the order is placed, taken by the shop when the parcel is handed over. Keeps no state and asks nobody. */
export function openCash(): PaymentProvider {
  const payment = (ref: string, state: ProviderPayment['state'], captured = 0): { kind: 'ok'; payment: ProviderPayment } => ({
    kind: 'ok',
    payment: { ref, state, captured, fee: 0 },
  })
  const refOf = (paymentId: string): string => `cash_${paymentId}`
  return {
    name: 'cash',
    methods: ['cod'],
    holds: 'cash',
    testOnly: false,
    inspect: async () => ({ kind: 'ok', instrument: { fingerprint: null, card: null } }),
    begin: async (ask) => payment(refOf(ask.paymentId), 'authorised'),
    capture: async (ask) => payment(ask.ref, 'captured', ask.amount.amount),
    void: async (ask) => payment(ask.ref, 'voided'),
    refund: async (ask) => ({ kind: 'ok', refundRef: `cash_${ask.idempotencyKey}`, state: 'done' }),
    lookUp: async (ask) => payment(ask.ref ?? refOf(ask.paymentId), 'authorised'),
    readCallback: () => ({ ok: false, why: 'cash does not call' }),
  }
}
