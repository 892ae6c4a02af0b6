import { type JobSpec, job, on, type Reaction } from '../../kernel/reactions.ts'
import { roleTaken } from '../identity/events.ts'
import type { StreamOwner, WatchedMedia } from './ports.ts'
import { revokeKeysOf } from './verbs/keys.ts'
import { reconcile } from './verbs/reconcile.ts'
import { deleteOldRecordings, finishOn, finishRecording } from './verbs/recordings.ts'

export const reactions = (media: WatchedMedia): Reaction[] => [on(roleTaken, revokeKeysOf(media))]

export const jobs = (media: WatchedMedia, owners: readonly StreamOwner[], disk: string | null): JobSpec[] => [
  job('media.finishRecording', finishRecording),
  ...(disk === null ? [] : [job(finishOn(disk), finishRecording)]),
  job('media.deleteOldRecordings', deleteOldRecordings),
  job('media.reconcile', reconcile(media, owners)),
]
