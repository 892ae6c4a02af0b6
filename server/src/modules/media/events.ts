import { eventType } from '../../kernel/events.ts'

/** A publisher was let in and pictures arrive. */
export const streamStarted = eventType<{ streamId: string; sessionId: string; protocol: 'whip' | 'rtmp' }>('stream.started')
/** The publisher is gone; the stream waits for them until graceUntilAt. */
export const streamLost = eventType<{ streamId: string; sessionId: string; cause: string; graceUntilAt: number }>('stream.lost')
export const streamBack = eventType<{ streamId: string; sessionId: string; tookOver: boolean }>('stream.back')
export const streamEnded = eventType<{ streamId: string; sessionId: string; cause: string }>('stream.ended')
export const streamRefused = eventType<{ streamId: string; code: string; detail: Record<string, string | number> }>(
  'stream.refused',
)
export const recordingStopped = eventType<{ streamId: string; sessionId: string; reason: string }>('recording.stopped')
export const recordingReady = eventType<{ streamId: string; sessionId: string; durationMs: number }>('recording.ready')
export const recordingDeleted = eventType<{ streamId: string; sessionId: string }>('recording.deleted')
