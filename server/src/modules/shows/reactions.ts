import { type JobSpec, job, on, type Reaction } from '../../kernel/reactions.ts'
import { guestClaimed } from '../identity/events.ts'
import * as media from '../media/events.ts'
import type { MediaControl } from '../media/ports.ts'
import { replayOf } from '../media/views.ts'
import { publisherTrouble } from './events.ts'
import { onGuestClaimed } from './verbs/followers.ts'
import * as life from './verbs/life.ts'

export const reactions: Reaction[] = [
  on(guestClaimed, onGuestClaimed),
  on(media.streamStarted, (tx, body) => life.onStreamStarted(tx, body.streamId)),
  on(media.streamBack, (tx, body) => life.onStreamStarted(tx, body.streamId)),
  on(media.streamLost, (tx, body) => life.onStreamLost(tx, body.streamId)),
  on(media.streamEnded, (tx, body) => life.onStreamLost(tx, body.streamId)),
  on(media.streamRefused, (tx, body) =>
    tx.announce(publisherTrouble, { showId: body.streamId, code: body.code, detail: body.detail }, body.streamId),
  ),
  on(media.recordingReady, async (tx, body) => {
    const replay = await replayOf(tx, body.streamId)
    if (replay) await life.onRecordingReady(tx, body.streamId, replay.url)
  }),
]

export const jobs = (control: MediaControl): JobSpec[] => [
  job('shows.endForgotten', life.endForgotten(control), 'clock'),
  job('shows.tellMedia', life.tellMedia(control), 'clock'),
]
