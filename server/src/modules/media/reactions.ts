import { type JobSpec, job } from '../../kernel/reactions.ts'
import type { StreamOwner, WatchedMedia } from './ports.ts'
import { reconcile } from './verbs/reconcile.ts'
import { deleteOldRecordings, finishRecording } from './verbs/recordings.ts'

export const jobs = (media: WatchedMedia, owners: readonly StreamOwner[]): JobSpec[] => [
  job('media.finishRecording', finishRecording),
  job('media.deleteOldRecordings', deleteOldRecordings),
  job('media.reconcile', reconcile(media, owners)),
]
