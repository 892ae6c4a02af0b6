import { eventType } from '../../kernel/events.ts'
import type { ShowState } from './rules.ts'

interface ShowId {
  showId: string
}
/** Any step of the state table. */
export const showStateChanged = eventType<ShowId & { shopId: string; from: ShowState; to: ShowState; at: number }>(
  'show.stateChanged',
)
export const showStarted = eventType<ShowId & { shopId: string }>('show.started')
export const showEnded = eventType<ShowId & { shopId: string }>('show.ended')
export const showScheduled = eventType<ShowId & { shopId: string; startsAt: number }>('show.scheduled')
export const showCancelled = eventType<ShowId & { shopId: string }>('show.cancelled')
export const showChanged = eventType<ShowId>('show.changed')
/** A copy was made; selling modules on the right copy their lots. */
export const showDuplicated = eventType<ShowId & { fromId: string }>('show.duplicated')
export const slateSet = eventType<ShowId & { on: boolean }>('show.slateSet')
export const itemStarted = eventType<ShowId & { itemId: string; title: string; pdtMs: number }>('item.started')
export const replayReady = eventType<ShowId & { url: string }>('show.replayReady')
export const publisherTrouble = eventType<ShowId & { code: string; detail: Record<string, string | number> }>(
  'show.publisherRefused',
)
