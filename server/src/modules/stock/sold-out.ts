import type { Events } from '../../kernel/events.ts'
import { isEvent } from '../../kernel/events.ts'
import { stockChanged } from './events.ts'

/** How long an empty allotment is believed to be empty when no event says otherwise. */
const believedMs = 1000
const mostKnown = 10_000

/** Allotments known to be empty. Forgetting one too early costs a batch; believing one too long costs sales, so it is bounded. */
export interface SoldOut extends Disposable {
  knows(allotmentId: string, now: number): boolean
  learn(left: ReadonlyMap<string, number>, now: number): void
}

export function openSoldOut(events: Pick<Events, 'follow'>): SoldOut {
  const until = new Map<string, number>()
  const unfollow = events.follow((event) => {
    if (!isEvent(stockChanged, event)) return
    for (const allotment of event.body.allotments) until.delete(allotment.allotmentId)
  })
  return {
    knows: (allotmentId, now) => (until.get(allotmentId) ?? 0) > now,
    learn(left, now) {
      if (until.size > mostKnown) until.clear()
      for (const [allotmentId, units] of left) {
        if (units === 0) until.set(allotmentId, now + believedMs)
        else until.delete(allotmentId)
      }
    },
    [Symbol.dispose]: unfollow,
  }
}
