import type { ChatMark } from '@efir/contract/room/down.ts'
import { eventType } from '../../kernel/events.ts'

/** Lines themselves are not announced: they are many, and the log of the room keeps them. */
export const messageDeleted = eventType<{ showId: string; messageId: string }>('message.deleted')
export const messagePinned = eventType<{
  showId: string
  pinned: { id: string; name: string; text: string; mark?: ChatMark } | null
}>('message.pinned')
export const personMuted = eventType<{ showId: string; personId: string; untilAt: number | null }>('person.muted')
export const personBanned = eventType<{ showId: string; personId: string; banned: boolean }>('person.banned')
export const slowModeSet = eventType<{ showId: string; slowMs: number }>('room.slow_mode_set')
export const blockWordsSet = eventType<{ placeKind: 'show' | 'shop'; placeId: string }>('room.block_words_set')
