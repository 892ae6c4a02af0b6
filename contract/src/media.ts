import { Type } from 'typebox'
import { act, Done, Obj } from './act.ts'
import { Id, Millis, ShortText } from './scalars.ts'

/** What the publisher's own program must be told. */
export const StreamKey = Obj({
  id: Id('streamKey'),
  label: Type.String(),
  hint: Type.String({ description: 'the last four characters' }),
  createdAt: Millis,
  usedAt: Type.Optional(Millis),
})

export const StreamState = Obj({
  state: Type.Union([Type.Literal('off'), Type.Literal('waiting'), Type.Literal('live'), Type.Literal('grace')]),
  protocol: Type.Optional(Type.Union([Type.Literal('whip'), Type.Literal('rtmp')])),
  bitrateKbps: Type.Integer(),
  fps: Type.Number(),
  lossRatio: Type.Number({ description: '0..1 over the last ten seconds' }),
  rttMs: Type.Optional(Type.Number()),
  width: Type.Integer(),
  height: Type.Integer(),
  keyframeIntervalMs: Type.Optional(Type.Number()),
  reconnects: Type.Integer(),
  graceUntilAt: Type.Optional(Millis),
  /** Why the last publisher was turned away; the studio says it in words. */
  refusal: Type.Optional(
    Obj({ code: Type.String(), at: Millis, detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])) }),
  ),
  /** What the publisher could do better; the picture goes on. */
  advice: Type.Optional(
    Obj({ code: Type.String(), detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])) }),
  ),
  recording: Type.Union([Type.Literal('on'), Type.Literal('off'), Type.Literal('stopped')]),
  recordingReason: Type.Optional(Type.String()),
})

const team = ['show:host', 'shop:owner', 'shop:manager'] as const

export const makeStreamKey = act({
  name: 'makeStreamKey',
  method: 'POST',
  path: '/shows/:showId/stream-keys',
  who: team,
  summary: 'A key for OBS or another encoder; shown once.',
  input: Obj({ showId: Id('show'), label: Type.Optional(ShortText(60)) }),
  output: Obj({
    key: StreamKey,
    secret: Type.String({ description: 'stream key for RTMP and bearer token for WHIP' }),
    rtmpUrl: Type.String(),
    whipUrl: Type.String(),
  }),
})
export const streamKeys = act({
  name: 'streamKeys',
  method: 'GET',
  path: '/shows/:showId/stream-keys',
  who: team,
  summary: 'Open keys of a show, without their secrets.',
  input: Obj({ showId: Id('show') }),
  output: Obj({ keys: Type.Array(StreamKey) }),
})
export const revokeStreamKey = act({
  name: 'revokeStreamKey',
  method: 'DELETE',
  path: '/shows/:showId/stream-keys/:keyId',
  who: team,
  summary: 'Make a key void; a publisher who uses it is cut off.',
  input: Obj({ showId: Id('show'), keyId: Id('streamKey') }),
  output: Done,
})
/** The browser studio: a token for this show only, for twelve hours. */
export const publishToken = act({
  name: 'publishToken',
  method: 'POST',
  path: '/shows/:showId/publish-token',
  who: team,
  summary: 'A bearer token with which the studio publishes by WHIP.',
  input: Obj({ showId: Id('show') }),
  output: Obj({ token: Type.String(), whipUrl: Type.String(), expiresAt: Millis }),
})
export const streamState = act({
  name: 'streamState',
  method: 'GET',
  path: '/shows/:showId/stream',
  who: ['show:host', 'show:moderator', 'shop:owner', 'shop:manager'],
  summary: 'Signal quality and why a publisher was refused.',
  input: Obj({ showId: Id('show') }),
  output: StreamState,
  refusals: ['media_down'],
})

export const acts = [makeStreamKey, streamKeys, revokeStreamKey, publishToken, streamState]
