import type { HookEvent, NumberedEvent } from './hook-events.ts'

export interface HookQueue {
  push(event: HookEvent, at: number): void
  peek(limit: number): NumberedEvent[]
  acknowledge(upToN: number): void
  size(): number
}

/**
 * Bounded, in order. Stats hold only their newest value per stream; above the limit stats go first, then
 * neighbouring segments of a stream merge. Lives of streams (started, lost, ended, ...) are never dropped.
 */
export function createHookQueue({ maxEvents }: { maxEvents: number }): HookQueue {
  let events: NumberedEvent[] = []
  let n = 0
  /** Events up to this one may be under way: they must not change any more. */
  let shownN = 0

  function shrink(): void {
    if (events.length <= maxEvents) return
    events = events.filter((event) => event.type !== 'stats' || event.n <= shownN)
    if (events.length > maxEvents) events = mergeSegments(events, shownN)
    // A publisher that is refused again and again must not fill the memory.
    if (events.length > maxEvents) events = events.filter((event) => event.type !== 'refused' || event.n <= shownN)
  }

  return {
    push(event, at) {
      if (event.type === 'stats') {
        events = events.filter((old) => old.n <= shownN || old.type !== 'stats' || old.streamId !== event.streamId)
      }
      n += 1
      events.push({ ...event, n, at })
      shrink()
    },
    peek(limit) {
      const batch = events.slice(0, limit)
      shownN = Math.max(shownN, batch[batch.length - 1]?.n ?? 0)
      return batch
    },
    acknowledge(upToN) {
      events = events.filter((event) => event.n > upToN)
    },
    size: () => events.length,
  }
}

function mergeSegments(events: readonly NumberedEvent[], shownN: number): NumberedEvent[] {
  const merged: NumberedEvent[] = []
  const open = new Map<string, number>()
  for (const event of events) {
    if (event.type !== 'segment' || event.n <= shownN) {
      // A run must not reach over anything else that happened to its stream.
      if (event.streamId !== null) open.delete(event.streamId)
      merged.push(event)
      continue
    }
    const index = open.get(event.streamId)
    const previous = index === undefined ? undefined : merged[index]
    const follows =
      previous?.type === 'segment' && previous.sessionId === event.sessionId && previous.lastSequence + 1 === event.firstSequence
    if (index !== undefined && follows && !event.discontinuity) {
      merged[index] = {
        ...previous,
        lastSequence: event.lastSequence,
        durationMs: previous.durationMs + event.durationMs,
        bytes: previous.bytes + event.bytes,
      }
    } else {
      open.set(event.streamId, merged.length)
      merged.push(event)
    }
  }
  return merged
}
