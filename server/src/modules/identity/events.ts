import { eventType } from '../../kernel/events.ts'

/** A guest became an account: what they had under the old id is theirs under the new one. */
export const guestClaimed = eventType<{ guestId: string; personId: string }>('guest.claimed')
/** Tokens of these sessions are refused from now on. */
export const sessionsEnded = eventType<{ sessionIds: string[] }>('session.ended')
export const personRenamed = eventType<{ personId: string; name: string }>('person.renamed')
export const shopOpened = eventType<{ shopId: string }>('shop.opened')
export const shopChanged = eventType<{ shopId: string }>('shop.changed')
export const roleGiven = eventType<{ personId: string; placeKind: 'shop' | 'show'; placeId: string; role: string }>('role.given')
export const roleTaken = eventType<{ personId: string; placeKind: 'shop' | 'show'; placeId: string; role: string }>('role.taken')
