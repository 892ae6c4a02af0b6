import { toStripe } from '@efir/contract/payments.ts'
import type Stripe from 'stripe'
import type { Outcome, Passing } from '../ports.ts'
import { outcomeOf } from './stripe.ts'

const no = { kind: 'refused', reason: 'provider_refused' } as const

async function asked<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work()
  } catch (problem) {
    const { kind, error } = outcomeOf(problem)
    return kind === 'refused' ? no : { kind, why: error.type }
  }
}

/**
 * Separate charges and transfers: one payment may pay for orders of several shops, each with returns of its own, which a destination
 * charge cannot. A transfer names the charge it comes from, so it waits for that money and never takes other shops'.
 */
export function openPassing(stripe: Stripe): Passing {
  return {
    pass: (ask) =>
      asked<{ passRef: string }>(async () => {
        const amount = toStripe(ask.amount)
        if (!amount) return no
        const { latest_charge: charge } = await stripe.paymentIntents.retrieve(ask.ref)
        if (!charge) return no
        const before = await stripe.transfers.list({ transfer_group: ask.group, destination: ask.to, limit: 100 })
        const known = before.data.find((one) => one.metadata['efir_pass'] === ask.key)
        const made =
          known ??
          (await stripe.transfers.create(
            {
              ...amount,
              destination: ask.to,
              transfer_group: ask.group,
              source_transaction: typeof charge === 'string' ? charge : charge.id,
              metadata: { efir_pass: ask.key },
            },
            { idempotencyKey: ask.key },
          ))
        return { kind: 'ok', passRef: made.id }
      }),
    takeBack: (ask) =>
      asked<{ backRef: string }>(async () => {
        const amount = toStripe(ask.amount)
        if (!amount) return no
        const before = await stripe.transfers.listReversals(ask.passRef, { limit: 100 })
        const known = before.data.find((one) => one.metadata?.['efir_back'] === ask.key)
        const made =
          known ??
          (await stripe.transfers.createReversal(
            ask.passRef,
            { amount: amount.amount, metadata: { efir_back: ask.key } },
            { idempotencyKey: ask.key },
          ))
        return { kind: 'ok', backRef: made.id }
      }),
    openFor: (ask) =>
      asked<{ destination: string }>(async () => {
        const made = await stripe.accounts.create(
          {
            country: ask.country,
            email: ask.email,
            controller: {
              fees: { payer: 'application' },
              losses: { payments: 'application' },
              stripe_dashboard: { type: 'express' },
              requirement_collection: 'stripe',
            },
            capabilities: { transfers: { requested: true } },
            metadata: { efir_shop: ask.shopId },
          },
          { idempotencyKey: ask.key },
        )
        return { kind: 'ok', destination: made.id }
      }),
    invite: (ask) =>
      asked<{ url: string }>(async () => {
        const link = await stripe.accountLinks.create({
          account: ask.destination,
          return_url: ask.returnUrl,
          refresh_url: ask.againUrl,
          type: 'account_onboarding',
        })
        return { kind: 'ok', url: link.url }
      }),
    stateOf: (destination) =>
      asked<{ ready: boolean; told: boolean }>(async () => {
        const account = await stripe.accounts.retrieve(destination)
        return { kind: 'ok', ready: account.payouts_enabled === true, told: account.details_submitted === true }
      }),
  }
}
