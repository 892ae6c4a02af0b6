import type { Kernel } from '../../kernel/context.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import { sql } from '../../kernel/sql.ts'
import { shopChanged } from '../identity/events.ts'
import * as events from './events.ts'
import type { DealState, LotGuard, VersionTerms } from './rules.ts'

/** All that a tap needs to know of a lot. */
export interface LotTerms {
  readonly lotId: string
  readonly showId: string
  readonly shopId: string
  readonly state: DealState
  readonly currency: string
  readonly versions: readonly (VersionTerms & { readonly dealId: string })[]
  /** In the order shown. */
  readonly variants: readonly { readonly variantId: string; readonly allotmentId: string | null }[]
  readonly opensAt: number | null
  readonly closesAt: number | null
  readonly perBuyer: number
  readonly link: boolean
  readonly holdMs: number
  readonly payFirst: boolean
  readonly guard: LotGuard
  /** The show is its team's alone. */
  readonly hidden: boolean
}

/**
 * Terms by lot, in memory: a tap asks the database only through the desk's batch, which checks state, window and limit again. Entries go
 * when the log says that they changed, and after a few seconds in any case.
 */
export interface TermsBook extends Disposable {
  of(lotId: string): Promise<LotTerms | null>
}

const keptMs = 5_000
const mostKept = 10_000
const usualHoldMinutes = 10
const watched = new Set(Object.values(events).map((type) => type.type))

export function openTermsBook(kernel: Kernel): TermsBook {
  const known = new Map<string, { terms: Promise<LotTerms | null>; at: number }>()

  const unfollow = kernel.events.follow((event: AnyEvent) => {
    if (watched.has(event.type)) known.delete((event.body as { lotId: string }).lotId)
    else if (event.type === shopChanged.type) known.clear()
  })

  return {
    of(lotId) {
      const now = kernel.clock.now()
      const entry = known.get(lotId)
      if (entry && now - entry.at < keptMs) return entry.terms
      if (known.size >= mostKept) known.clear()
      const terms = load(kernel, lotId).catch((problem: Error) => {
        known.delete(lotId)
        throw problem
      })
      known.set(lotId, { terms, at: now })
      return terms
    },
    [Symbol.dispose]: unfollow,
  }
}

interface TermsRow {
  show_id: string
  shop_id: string
  state: DealState
  opens_at: number | null
  closes_at: number | null
  per_buyer: number
  guard: LotGuard
  link: boolean
  hidden: boolean
  settings: { payFirst?: boolean; reservationMinutes?: number }
  variants: LotTerms['variants'] | null
  versions: (VersionTerms & { dealId: string; currency: string })[]
}

async function load(kernel: Kernel, lotId: string): Promise<LotTerms | null> {
  const row = await kernel.db.maybe<TermsRow>(
    sql`select l.show_id, l.shop_id, l.state, l.opens_at, l.closes_at, l.per_buyer, l.guard, l.link_url is not null as link, s.settings, w.visibility = 'team' or w.state = 'draft' as hidden,
          (select jsonb_agg(jsonb_build_object('variantId', v.variant_id, 'allotmentId', v.allotment_id) order by v.position) from lots.variant v where v.lot_id = l.id) as variants,
          (select jsonb_agg(jsonb_build_object('dealId', d.id, 'version', d.version, 'amount', d.amount, 'currency', d.currency, 'untilAt', round(extract(epoch from d.until_at) * 1000)) order by d.version)
           from (select * from lots.deal where lot_id = l.id order by version desc limit 20) d) as versions
        from lots.lot l join identity.shop s on s.id = l.shop_id join shows.show w on w.id = l.show_id where l.id = ${lotId} and l.removed_at is null`,
  )
  if (!row) return null
  return {
    lotId,
    showId: row.show_id,
    shopId: row.shop_id,
    state: row.state,
    currency: row.versions.at(-1)?.currency ?? '',
    versions: row.versions,
    variants: row.variants ?? [],
    opensAt: row.opens_at,
    closesAt: row.closes_at,
    perBuyer: row.per_buyer,
    guard: row.guard,
    link: row.link,
    holdMs: (row.settings.reservationMinutes ?? usualHoldMinutes) * 60_000,
    payFirst: row.settings.payFirst ?? false,
    hidden: row.hidden,
  }
}
