import { inRoom, type RoomContribution, tell, tellRoom } from '../contribution.ts'
import { messageDeleted, messagePinned, personBanned, personMuted, slowModeSet } from '../events.ts'

/** The room's own order, told to those in it. */
export const roomTells: RoomContribution = {
  name: 'room',
  tellers: [
    tellRoom(messageDeleted, ({ showId, messageId }) => inRoom(showId, { e: 'chat.deleted', data: { id: messageId } })),
    tellRoom(personBanned, ({ showId, personId, banned }) =>
      banned ? inRoom(showId, { e: 'chat.purged', data: { person: personId } }) : {},
    ),
    tell(personMuted, ({ showId, personId, untilAt }) => ({
      persons: [{ personId, type: 'chat.muted', data: { showId, untilAt } }],
    })),
    tellRoom(messagePinned, ({ showId, pinned }) => inRoom(showId, { k: 'pinnedMessage', value: pinned })),
    tellRoom(slowModeSet, ({ showId, slowMs }) => inRoom(showId, { k: 'slow', value: slowMs > 0 ? { ms: slowMs } : null })),
  ],
}
