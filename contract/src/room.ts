import { Type } from 'typebox'
import { act, Done, Obj, PageOf, pageInput } from './act.ts'
import { ChatLine } from './room/down.ts'
import { roomLimits } from './room/version.ts'
import { Id, IdempotencyKey, Millis, ShortText } from './scalars.ts'

/** The room of a show: chat and its order. What moves by itself comes over the socket (room/up.ts, room/down.ts). */

const keepers = ['show:host', 'show:moderator', 'shop:owner', 'shop:manager'] as const
const show = { showId: Id('show') }

/** A line as the desk sees it: deleted ones too. */
export const LoggedLine = Obj({
  ...ChatLine.properties,
  deletedAt: Type.Optional(Millis),
  deletedBy: Type.Optional(Id('person')),
})

export const BlockWord = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '\\S',
  description: 'a word or a phrase; a star at its end stands for any ending',
})
const Words = Type.Array(BlockWord, { maxItems: 500 })

export const HeldPerson = Obj({
  personId: Id('person'),
  name: Type.String(),
  /** Muted until then. */
  mutedUntilAt: Type.Optional(Millis),
  banned: Type.Boolean(),
})

export const sendChat = act({
  name: 'sendChat',
  method: 'POST',
  path: '/shows/:showId/chat',
  who: ['known'],
  summary: 'Say a line in the room; the same key again is the same line. The socket does the same faster.',
  input: Obj({ ...show, key: IdempotencyKey, text: Type.String({ minLength: 1, maxLength: roomLimits.chatLetters * 2 }) }),
  output: Obj({ line: ChatLine }),
  refusals: ['chat_muted', 'chat_banned', 'chat_slow', 'chat_blocked_word', 'show_state', 'show_not_public'],
})
export const chatGlimpse = act({
  name: 'chatGlimpse',
  method: 'GET',
  path: '/shows/:showId/chat/newest',
  who: ['public'],
  summary: 'The newest lines of a room for who only passes by: looking at them is not watching, and nobody is counted.',
  input: Obj(show),
  output: Obj({ lines: Type.Array(ChatLine) }),
  refusals: ['show_not_public'],
})
export const deleteMessage = act({
  name: 'deleteMessage',
  method: 'POST',
  path: '/shows/:showId/chat/:messageId/delete',
  who: keepers,
  summary: 'Take a line off all screens; the log keeps it.',
  input: Obj({ ...show, messageId: Id('message') }),
  output: Done,
})
export const mutePerson = act({
  name: 'mutePerson',
  method: 'POST',
  path: '/shows/:showId/muted',
  who: keepers,
  summary: 'Keep a person silent in this room for a while; 0 lets them talk again.',
  input: Obj({ ...show, personId: Id('person'), forMs: Type.Integer({ minimum: 0, maximum: 30 * 86_400_000 }) }),
  output: Done,
})
export const banPerson = act({
  name: 'banPerson',
  method: 'POST',
  path: '/shows/:showId/banned',
  who: keepers,
  summary: 'Send a person out of this room and take their lines off all screens, or let them in again.',
  input: Obj({ ...show, personId: Id('person'), banned: Type.Boolean() }),
  output: Done,
})
export const pinMessage = act({
  name: 'pinMessage',
  method: 'POST',
  path: '/shows/:showId/chat/pinned',
  who: keepers,
  summary: 'Show a line above the chat to everybody; null takes it off.',
  input: Obj({ ...show, messageId: Type.Union([Id('message'), Type.Null()]) }),
  output: Done,
})
export const setSlowMode = act({
  name: 'setSlowMode',
  method: 'POST',
  path: '/shows/:showId/chat/slow',
  who: keepers,
  summary: 'The least time between two lines of one person; 0 is off.',
  input: Obj({ ...show, intervalMs: Type.Integer({ minimum: 0, maximum: 300_000 }) }),
  output: Done,
})
export const setBlockWords = act({
  name: 'setBlockWords',
  method: 'PUT',
  path: '/shows/:showId/block-words',
  who: keepers,
  summary: 'Words that nobody can say in this room.',
  input: Obj({ ...show, words: Words }),
  output: Done,
})
export const setShopBlockWords = act({
  name: 'setShopBlockWords',
  method: 'PUT',
  path: '/shops/:shopId/block-words',
  who: ['shop:owner', 'shop:manager'],
  summary: 'Words that nobody can say in any room of the shop.',
  input: Obj({ shopId: Id('shop'), words: Words }),
  output: Done,
})
export const shopBlockWords = act({
  name: 'shopBlockWords',
  method: 'GET',
  path: '/shops/:shopId/block-words',
  who: ['shop:owner', 'shop:manager'],
  summary: 'Words that nobody can say in any room of the shop.',
  input: Obj({ shopId: Id('shop') }),
  output: Obj({ words: Words }),
})
export const roomSettings = act({
  name: 'roomSettings',
  method: 'GET',
  path: '/shows/:showId/room',
  who: keepers,
  summary: 'Slow mode, blocked words, who is muted or banned.',
  input: Obj(show),
  output: Obj({ slowMs: Type.Integer(), words: Words, shopWords: Words, people: Type.Array(HeldPerson) }),
})
export const chatLog = act({
  name: 'chatLog',
  method: 'GET',
  path: '/shows/:showId/chat',
  who: [...keepers, 'operator'],
  summary: 'Everything that was said, newest first, deleted lines too.',
  input: Obj({ ...show, personId: Type.Optional(Id('person')), find: Type.Optional(ShortText(60)), ...pageInput }),
  output: PageOf(LoggedLine),
})

export const acts = [
  sendChat,
  chatGlimpse,
  deleteMessage,
  mutePerson,
  banPerson,
  pinMessage,
  setSlowMode,
  setBlockWords,
  setShopBlockWords,
  shopBlockWords,
  roomSettings,
  chatLog,
]
