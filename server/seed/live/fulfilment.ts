import { deliverParcel, packing, packParcel, shipParcel } from '@efir/contract/orders.ts'
import { pause } from './chance.ts'
import { log } from './log.ts'
import type { LivePerson } from './person.ts'

const roundMs = 45_000
const packAfterMs = 8 * 60_000
const deliverAfterMs = 25 * 60_000

/** The people behind the show: parcels of the simulated buyers go out, so that the packing view stays as full as a day's work. */
export async function fulfil(options: {
  shopId: string
  person: LivePerson
  buyers: ReadonlySet<string>
  signal: AbortSignal
}): Promise<void> {
  const { signal } = options
  while (!signal.aborted) {
    await pause(roundMs, signal)
    try {
      await round(options)
    } catch (problem) {
      log('fulfilment', { problem: (problem as Error).message })
    }
  }
}

async function round({ shopId, person, buyers, signal }: Parameters<typeof fulfil>[0]): Promise<void> {
  const due = async (state: 'open' | 'packed' | 'shipped', olderThanMs: number) => {
    const page = await person.try(packing, { shopId, state, limit: 20 })
    const own = (page?.items ?? []).filter((p) => p.orders.length > 0 && p.orders.every((o) => buyers.has(o.buyer)))
    return own.filter((p) => Date.now() - p.openedAt > olderThanMs).map((p) => p.id)
  }
  for (const parcelId of await due('open', packAfterMs)) if (!signal.aborted) await person.try(packParcel, { shopId, parcelId })
  for (const parcelId of await due('packed', packAfterMs)) {
    if (!signal.aborted)
      await person.try(shipParcel, { shopId, parcelId, carrier: 'Demo Post', tracking: parcelId.slice(-10).toUpperCase() })
  }
  for (const parcelId of await due('shipped', deliverAfterMs))
    if (!signal.aborted) await person.try(deliverParcel, { shopId, parcelId })
}
