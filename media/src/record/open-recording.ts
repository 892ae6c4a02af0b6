import type { OutputsOptions } from '../output.ts'
import type { RecorderLimits } from './recorder.ts'
import { openRecorder } from './recorder.ts'

/** What an ordered recording is for a stream's outputs: a recorder listening to its live show. */
export function recordingTo(limits: Partial<RecorderLimits> = {}): OutputsOptions['openRecording'] {
  return ({ show, order, stopped }) => {
    const recorder = openRecorder({
      dir: order.dir,
      limits: { ...limits, maxBytes: order.maxBytes },
      onStopped: ({ reason, bytes, durationMs }) => {
        if (reason !== 'ended' && reason !== 'finished') stopped({ reason, bytes, durationMs })
      },
    })
    const unlisten = show.listenToKeep(recorder)
    return {
      async close() {
        unlisten()
        const { error } = await recorder.finish()
        if (error !== undefined) throw error
      },
    }
  }
}
