import { type Static, Type } from 'typebox'
import { Obj } from '../act.ts'
import { type RefusalCode, refusals } from '../refusals.ts'
import { Millis } from '../scalars.ts'
import { reactionKinds } from './version.ts'

/** What the room says. One JSON object per text message. Readers ignore fields they do not know. */

const Seq = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Frame = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Pdt = Type.Optional(
  Type.Integer({ minimum: 0, description: 'program date-time of the picture it belongs to, epoch ms; at once when absent' }),
)

/** S: the whole value of one key. The higher `v` wins; null means the key is gone. */
export const StateMessage = Obj({
  k: Type.String({
    minLength: 1,
    maxLength: 120,
    description: 'such as show, pin:1, lot:<id>, deal:<id>, stock:<lotId>, slow, pinnedMessage, slate',
  }),
  v: Seq,
  value: Type.Unknown(),
  pdt: Pdt,
  /** In snapshots: what the key held before, while late pictures may still show it. */
  was: Type.Optional(Obj({ value: Type.Unknown(), pdt: Pdt })),
})
/** E: something that happened, each delivered once, in order. */
export const EventMessage = Obj({ e: Type.String({ minLength: 1, maxLength: 80 }), seq: Seq, data: Type.Unknown(), pdt: Pdt })
export type StateMessage = Static<typeof StateMessage>
export type EventMessage = Static<typeof EventMessage>

export const ChatMark = Type.Union([Type.Literal('host'), Type.Literal('moderator'), Type.Literal('shop')])
export type ChatMark = Static<typeof ChatMark>
export const ChatLine = Obj({
  id: Type.String({ maxLength: 40 }),
  person: Type.String({ maxLength: 40 }),
  name: Type.String({ maxLength: 80 }),
  text: Type.String({ maxLength: 1_200 }),
  at: Millis,
  mark: Type.Optional(ChatMark),
})
export type ChatLine = Static<typeof ChatLine>

/** D: may be lost, has no sequence, and is left out first. */
export const Droppables = Obj({
  chat: Type.Optional(Type.Array(ChatLine)),
  /** Lines said but left out of `chat` since the last frame. */
  more: Type.Optional(Type.Integer({ minimum: 1 })),
  react: Type.Optional(
    Type.Partial(
      Obj(
        Object.fromEntries(reactionKinds.map((kind) => [kind, Type.Integer()])) as Record<
          (typeof reactionKinds)[number],
          ReturnType<typeof Type.Integer>
        >,
      ),
    ),
  ),
  viewers: Type.Optional(Type.Integer({ minimum: 0 })),
})
export type Droppables = Static<typeof Droppables>

export const ReconnectWindow = Obj({ minMs: Type.Integer({ minimum: 0 }), maxMs: Type.Integer({ minimum: 0 }) })
export type ReconnectWindow = Static<typeof ReconnectWindow>

/** Answers `join`. A `snapshot`, or a `tick` over the whole gap, or nothing (when nothing was missed) follows. */
export const Welcome = Obj({
  t: Type.Literal('welcome'),
  v: Type.Integer({ minimum: 1 }),
  now: Millis,
  sentAt: Type.Optional(Type.Number()),
  epoch: Type.String(),
  how: Type.Union([Type.Literal('resume'), Type.Literal('snapshot')]),
  you: Type.Union([
    Obj({ person: Type.String(), name: Type.String(), mark: Type.Optional(ChatMark), desk: Type.Boolean() }),
    Type.Null(),
  ]),
  /** Frame number behind which this connection begins. */
  frame: Frame,
  /** Position of the personal channel; `stale` when something may have been missed: read orders and reservations again. */
  personal: Seq,
  stale: Type.Boolean(),
  ackMs: Type.Integer({ minimum: 1 }),
  heartbeatMs: Type.Integer({ minimum: 1 }),
  reconnect: ReconnectWindow,
})
export const Snapshot = Obj({
  t: Type.Literal('snapshot'),
  seq: Seq,
  state: Type.Array(StateMessage),
  chat: Type.Array(ChatLine),
  viewers: Type.Integer({ minimum: 0 }),
})
/** `prev` is the position before the first message: another one at the reader means loss. No `seq` when it carries only D. */
export const Tick = Obj({
  t: Type.Literal('tick'),
  frame: Type.Optional(Frame),
  prev: Type.Optional(Seq),
  seq: Type.Optional(Seq),
  m: Type.Optional(Type.Array(Type.Union([StateMessage, EventMessage]))),
  d: Type.Optional(Droppables),
})
export const Heartbeat = Obj({ t: Type.Literal('heartbeat'), frame: Frame, seq: Seq, now: Millis })
export const Personal = Obj({ t: Type.Literal('personal'), seq: Seq, type: Type.String(), data: Type.Unknown() })
/** The line is in the log. */
export const Said = Obj({ t: Type.Literal('said'), key: Type.String(), line: ChatLine })
const Code = Type.Unsafe<RefusalCode>({ type: 'string', enum: Object.keys(refusals) })
export const Refused = Obj({
  t: Type.Literal('refused'),
  key: Type.String(),
  code: Code,
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
})
export const Pong = Obj({ t: Type.Literal('pong'), sentAt: Type.Number(), now: Millis })
/** Answers `auth`. */
export const You = Obj({ t: Type.Literal('you'), person: Type.String(), name: Type.String(), mark: Type.Optional(ChatMark) })
export const Bye = Obj({ t: Type.Literal('bye'), code: Type.Integer(), reconnect: ReconnectWindow })

export const Down = Type.Union([Welcome, Snapshot, Tick, Heartbeat, Personal, Said, Refused, Pong, You, Bye])
export type Down = Static<typeof Down>
export type Welcome = Static<typeof Welcome>
export type Snapshot = Static<typeof Snapshot>
export type Tick = Static<typeof Tick>
