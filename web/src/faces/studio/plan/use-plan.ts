import { lotBoard, removeLot } from '@efir/contract/lots.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { rundown, setRundown } from '@efir/contract/shows.ts'
import { useRef, useState } from 'react'
import type { Problem } from '../../../net/api.ts'
import { useAct } from '../../../net/query.ts'
import type { DeskLot, PlanItem } from '../../../parts/studio/thumb.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { useLanguage } from '../../../ui/words.tsx'
import { moved } from './reorder.ts'

type Draft = Pick<PlanItem, 'kind' | 'title' | 'note' | 'plannedSeconds' | 'lotId'> & { readonly id?: PlanItem['id'] }

export interface Plan {
  readonly items: readonly PlanItem[]
  /** Lots that no item names. */
  readonly loose: readonly DeskLot[]
  readonly busy: boolean
  readonly problem: Problem | null
  save(next: readonly Draft[]): Promise<boolean>
  move(from: number, to: number): void
  addLot(lot: DeskLot): Promise<boolean>
  remove(item: PlanItem): Promise<void>
}

const planChanged = [rundown] as const
const lotsChanged = [lotBoard, rundown] as const
const usualSeconds = 600

/** The plan is always saved whole; while one save is on its way the newest order waits for it. */
export function usePlan(desk: Desk): Plan {
  const { locale } = useLanguage()
  const [order, setOrder] = useState<readonly PlanItem[] | null>(null)
  const saving = useAct(setRundown, { changes: planChanged })
  const removing = useAct(removeLot, { changes: lotsChanged })
  const queue = useRef<Promise<boolean>>(Promise.resolve(true))
  const newest = useRef<readonly Draft[] | null>(null)
  const items = order ?? desk.items

  const save = (next: readonly Draft[]): Promise<boolean> => {
    newest.current = next
    queue.current = queue.current.then(async () => {
      // A later one has taken this one along.
      if (newest.current !== next) return true
      const answer = await saving.run({
        showId: desk.showId,
        items: next.map(({ id, kind, title, note, plannedSeconds, lotId }) => ({
          kind,
          title,
          note,
          plannedSeconds,
          ...(id ? { id } : {}),
          ...(lotId ? { lotId } : {}),
        })),
      })
      if (newest.current === next) setOrder(null)
      return answer.ok
    })
    return queue.current
  }
  return {
    items,
    loose: desk.lots.filter((lot) => !desk.items.some((item) => item.lotId === lot.id)),
    busy: saving.busy || removing.busy,
    problem: saving.problem ?? removing.problem,
    save,
    move(from, to) {
      const next = moved(items, from, to)
      setOrder(next)
      void save(next)
    },
    addLot: (lot) =>
      save([
        ...desk.items,
        { kind: 'lot', title: textIn(lot.title, locale).slice(0, 120), note: '', plannedSeconds: usualSeconds, lotId: lot.id },
      ]),
    async remove(item) {
      const lot = desk.lots.find((one) => one.id === item.lotId)
      if (lot && lot.state !== 'open' && lot.state !== 'counting' && lot.sold === 0) await removing.run({ lotId: lot.id })
      await save(desk.items.filter((one) => one.id !== item.id))
    },
  }
}
