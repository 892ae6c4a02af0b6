import { type Static, Type } from 'typebox'
import { Obj } from '../act.ts'
import { IdempotencyKey } from '../scalars.ts'
import { reactionKinds, roomLimits } from './version.ts'

/** What viewers say. One JSON object per text message; unknown fields are refused. */

const Place = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const RoomName = Type.String({ minLength: 1, maxLength: 80, pattern: '^[A-Za-z0-9_-]+$' })
const Token = Type.String({ minLength: 1, maxLength: 1_024 })

/** The first message. Without a token one only looks on: no chat, nothing personal. */
export const Join = Obj({
  t: Type.Literal('join'),
  v: Type.Integer({ minimum: 1, maximum: 1_000 }),
  room: RoomName,
  token: Type.Optional(Token),
  /** What was seen before: the server resumes behind it when it still has the whole gap. */
  pos: Type.Optional(Obj({ epoch: Type.String({ minLength: 1, maxLength: 80 }), seq: Place, personal: Type.Optional(Place) })),
  /** The desk (host, moderators, shop staff) gets the chat whole instead of sampled. */
  desk: Type.Optional(Type.Boolean()),
  /** The sender's clock, echoed in `welcome` to measure the way there and back. */
  sentAt: Type.Optional(Type.Number()),
  delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: roomLimits.delayMs })),
})
/** Another token on the same connection: a looker-on became a guest, a guest signed in, or the old one ran out. */
export const Auth = Obj({ t: Type.Literal('auth'), token: Token })
/** Seen everything up to this frame. */
export const Ack = Obj({ t: Type.Literal('ack'), frame: Place, seq: Place })
export const Say = Obj({
  t: Type.Literal('say'),
  /** Made by the sender; the same key again is the same line. */
  key: IdempotencyKey,
  text: Type.String({ minLength: 1, maxLength: roomLimits.chatLetters * 2 }),
})
/** Summed by the sender over about a second. */
export const React = Obj({
  t: Type.Literal('react'),
  kind: Type.Union(reactionKinds.map((kind) => Type.Literal(kind))) as unknown as ReturnType<
    typeof Type.Unsafe<(typeof reactionKinds)[number]>
  >,
  count: Type.Integer({ minimum: 1, maximum: roomLimits.reactionsPerMessage }),
})
/** How far the sender's picture lies behind the host's. */
export const Delay = Obj({ t: Type.Literal('delay'), ms: Type.Integer({ minimum: 0, maximum: roomLimits.delayMs }) })
export const Ping = Obj({ t: Type.Literal('ping'), sentAt: Type.Number() })
export const Leave = Obj({ t: Type.Literal('leave') })

export const Up = Type.Union([Join, Auth, Ack, Say, React, Delay, Ping, Leave])
export type Up = Static<typeof Up>
export type Join = Static<typeof Join>
