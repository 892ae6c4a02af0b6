import { useEffect, useRef, useState } from 'react'
import { useOnline } from '../../../net/online.ts'
import { useProblemText } from '../../../parts/face/problem.tsx'
import { useLotGuard } from '../../../parts/lots/guard/use-guard.ts'
import type { Lot } from '../../../parts/lots/lot.ts'
import { type Moment, momentOf, nextChangeAt } from '../../../parts/lots/moment.ts'
import { firstVariant, type Granted, type MyLots, useMyLots } from '../../../parts/lots/use-mine.ts'
import { type Shelf, useShelf } from '../../../parts/lots/use-shelf.ts'
import { now } from '../../../ui/clock.ts'
import type { Watching } from './use-show.ts'

/** What the purchase sheet of one lot works with. */
export interface Purchase {
  readonly lotId: string
  /** Each purchase of a lot is one of its own: its sheet begins anew. */
  readonly nth: number
  readonly granted: Extract<Granted, { ok: true }>
}

export interface Dock {
  readonly shelf: Shelf
  readonly mine: MyLots
  /** The lot on the card: the primary pin, unless the viewer looks at another one. */
  readonly lot: Lot | null
  readonly moment: Moment
  readonly otherPins: readonly Lot[]
  readonly focused: boolean
  focus(lotId: string | null): void
  momentOf(lot: Lot): Moment
  /** Kept until the page goes: a purchase that waits for its bank outlives its sheet. */
  readonly purchases: readonly Purchase[]
  readonly openId: string | null
  open(lotId: string | null): void
  buy(lot: Lot, variantId?: string): Promise<void>
  regrant(lotId: string, granted: Extract<Granted, { ok: true }>): void
  drop(lotId: string): void
  readonly problem: string | null
}

const sellingStates: readonly unknown[] = ['live', 'paused', 'replay', 'ended']
const problemMs = 8_000

/** Lots of a show and what this viewer does with them. */
export function useDock(showId: string, watching: Watching, replayAt: { readonly at: () => number | null } | null): Dock {
  const shelf = useShelf(showId, watching.room, replayAt)
  const mine = useMyLots(showId, watching.room, useLotGuard(showId, shelf.lots))
  const online = useOnline()
  const problemText = useProblemText()
  const [focusId, setFocus] = useState<string | null>(null)
  const [purchases, setPurchases] = useState<readonly Purchase[]>([])
  const [openId, setOpen] = useState<string | null>(null)
  const [problem, setProblem] = useState<{ lotId: string; text: string } | null>(null)

  const see = (lot: Lot | null): Moment =>
    momentOf({
      lot,
      mine: lot ? mine.mineOf(lot.id) : { at: 'nothing' },
      now: now(),
      countingSince: lot ? shelf.countingSince(lot) : undefined,
      online,
      delayMs: watching.delayMs(),
      selling: watching.state === null || sellingStates.includes(watching.state),
    })
  const byId = (lotId: string | undefined) => shelf.lots.find((lot) => lot.id === lotId) ?? null
  const primary = byId(shelf.pins[0]?.lotId)
  const lot = byId(focusId ?? undefined) ?? primary
  const moment = see(lot)
  useWake(nextChangeAt(moment, watching.delayMs()))

  // A new primary lot is what the host speaks of: the card follows, unless one's own units wait on it.
  const lastPrimary = useRef(primary?.id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new primary pin moves the card
  useEffect(() => {
    if (lastPrimary.current !== primary?.id && focusId !== null && mine.mineOf(focusId).at === 'nothing') setFocus(null)
    lastPrimary.current = primary?.id
  }, [primary?.id])
  useEffect(() => {
    if (!problem) return
    const timer = setTimeout(() => setProblem(null), problemMs)
    return () => clearTimeout(timer)
  }, [problem])

  const regrant = (lotId: string, granted: Purchase['granted'], anew = false) =>
    setPurchases((all) => {
      const nth = all.find((one) => one.lotId === lotId)?.nth ?? 0
      return [...all.filter((one) => one.lotId !== lotId), { lotId, granted, nth: anew ? nth + 1 : nth }]
    })

  async function buy(of: Lot, variantId?: string): Promise<void> {
    setProblem(null)
    const held = mine.mineOf(of.id)
    const known = purchases.find((one) => one.lotId === of.id)
    if (held.at === 'checking' || held.at === 'declined') return setOpen(of.id)
    // Its sheet is open already; units that came another way begin one of their own.
    if (held.at === 'held' && known?.granted.held?.reservation.id === held.held.reservation.id) return setOpen(of.id)
    if (held.at === 'held') {
      const { reservation } = held.held
      regrant(of.id, { ok: true, held: held.held, variantId: reservation.variantId, quantity: reservation.quantity }, true)
      return setOpen(of.id)
    }
    const answer = await mine.reserve({
      lotId: of.id,
      variantId: variantId ?? firstVariant(of),
      quantity: 1,
      seenVersion: of.dealVersion,
      delayMs: watching.delayMs(),
    })
    if (answer.ok) {
      regrant(of.id, answer, true)
      return setOpen(of.id)
    }
    setProblem({ lotId: of.id, text: problemText(answer.problem) })
    if (answer.problem.refusal !== null) shelf.again()
  }

  return {
    shelf,
    mine,
    lot,
    moment,
    otherPins: shelf.pins.flatMap((pin) => (pin.lotId === lot?.id ? [] : (byId(pin.lotId) ?? []))),
    focused: focusId !== null && lot?.id === focusId && lot.id !== primary?.id,
    focus: setFocus,
    momentOf: see,
    purchases,
    openId,
    open: setOpen,
    buy,
    regrant,
    drop: (lotId) => setPurchases((all) => all.filter((one) => one.lotId !== lotId)),
    problem: problem && problem.lotId === lot?.id ? problem.text : null,
  }
}

/** Renders again at an instant of the server's clock. */
function useWake(at: number | null): void {
  const [, wake] = useState(0)
  useEffect(() => {
    if (at === null) return
    const timer = setTimeout(() => wake((count) => count + 1), Math.max(0, Math.min(at - now() + 5, 2 ** 30)))
    return () => clearTimeout(timer)
  }, [at])
}
