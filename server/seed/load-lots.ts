import type { Tx } from '../src/kernel/context.ts'
import { openLot } from '../src/modules/lots/verbs/deals.ts'
import { createLot } from '../src/modules/lots/verbs/lots.ts'
import { pinLot, unpinLot } from '../src/modules/lots/verbs/pins.ts'
import type { SeedCurrency } from './catalogue/products.ts'
import { idOf, txAt } from './facts.ts'
import type { SeedShow } from './shows.ts'

/** On air a lot is open while its product is in the picture, less the countdown. */
const alwaysOnWindowMs = 64_000

/** The lots of a show by their keys. */
export async function loadLots(
  tx: Tx,
  given: { showId: string; currency: SeedCurrency; show: SeedShow; variants: Readonly<Record<string, string>> },
): Promise<Record<string, string>> {
  const { showId, currency, show, variants } = given
  const lots: Record<string, string> = {}
  for (const lot of show.lots) {
    const windowMs = show.kind === 'replay' ? undefined : show.kind === 'always_on' ? alwaysOnWindowMs : lot.windowSeconds * 1000
    const made = await createLot(tx, {
      showId,
      variantIds: lot.skus.map((sku) => idOf(variants, sku)),
      price: { amount: lot.livePrices[currency], currency },
      reference: { price: { amount: lot.reference.prices[currency], currency }, basis: lot.reference.basis },
      quota: lot.quota,
      perBuyer: lot.perBuyer,
      ...(windowMs === undefined ? {} : { windowMs }),
    })
    lots[lot.key] = made.id
  }
  return lots
}

/** A lot as it was shown in the past: pinned, opened without an end, taken off. It goes on selling in the replay. */
export async function showThrough(tx: Tx, lot: { lotId: string; startAt: number; endAt: number }): Promise<void> {
  await pinLot(txAt(tx, lot.startAt), { lotId: lot.lotId, slot: 'primary' })
  await openLot(txAt(tx, lot.startAt + openedAfterMs), { lotId: lot.lotId })
  await unpinLot(txAt(tx, lot.endAt), { lotId: lot.lotId })
}
const openedAfterMs = 5_000
