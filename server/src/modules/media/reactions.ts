import { type JobSpec, job } from '../../kernel/reactions.ts'
import { deleteOldRecordings, finishRecording } from './verbs/recordings.ts'

export const jobs: JobSpec[] = [
  job('media.finishRecording', finishRecording),
  job('media.deleteOldRecordings', deleteOldRecordings),
]
