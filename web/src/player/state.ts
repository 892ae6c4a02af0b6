/** What a viewer sees of the picture. `paused` only by the viewer's own hand. */
export type PlayerState = 'connecting' | 'playing' | 'stalled' | 'paused' | 'ended' | 'failed' | 'offline' | 'blocked'

export type PlayerEvent =
  | 'moved' // the picture moves
  | 'stuck' // it should move and does not
  | 'paused'
  | 'resumed'
  | 'ended'
  | 'gave_up'
  | 'refused' // the browser does not let it start without a tap
  | 'offline'
  | 'online'
  | 'restarted'

/** One table for both engines. Where an event changes nothing it is left out. */
const table: Readonly<Record<PlayerState, Partial<Record<PlayerEvent, PlayerState>>>> = {
  connecting: { moved: 'playing', ended: 'ended', gave_up: 'failed', refused: 'blocked', offline: 'offline', paused: 'paused' },
  playing: { stuck: 'stalled', paused: 'paused', ended: 'ended', gave_up: 'failed', restarted: 'connecting' },
  stalled: { moved: 'playing', paused: 'paused', ended: 'ended', gave_up: 'failed', offline: 'offline', restarted: 'connecting' },
  paused: { resumed: 'connecting', moved: 'playing', ended: 'ended', gave_up: 'failed' },
  ended: { moved: 'playing', restarted: 'connecting', resumed: 'connecting' },
  failed: { restarted: 'connecting', moved: 'playing' },
  // What is buffered goes on playing while the network is away.
  offline: { online: 'connecting', moved: 'playing', restarted: 'connecting', gave_up: 'failed', ended: 'ended' },
  blocked: { moved: 'playing', resumed: 'connecting', ended: 'ended', restarted: 'connecting' },
}

export const nextState = (state: PlayerState, event: PlayerEvent): PlayerState => table[state][event] ?? state
