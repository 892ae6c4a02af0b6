/** Records a made-up show as fast as the disk takes it, and prints a line per journalled segment, until killed. */
import { createOrigin } from '../hls/origin.ts'
import { openRecorder } from '../record/recorder.ts'
import { openStream } from '../stream.ts'
import { playSamples } from './clip.ts'
import { fakeClock } from './fake-clock.ts'
import { AAC, SMALL, synthetic } from './synthetic.ts'

const dir = process.argv[2]
if (dir === undefined) throw new Error('needs a folder')
const clock = fakeClock()
const stream = openStream({ id: 'show', clock })
const show = createOrigin({ clock }).serve(stream)
const recorder = openRecorder({ dir, limits: { minFreeBytes: 0 } })
show.listen(recorder)
const sink = stream.attach()
sink.configure(SMALL)
sink.configure(AAC)
let printed = 0
for (let second = 0; ; second += 2) {
  playSamples(synthetic({ seconds: 2, startUs: second * 1_000_000, bytes: 20_000 }), sink, clock)
  while (recorder.durationMs < (second - 4) * 1000) await new Promise((resolve) => setTimeout(resolve, 1))
  for (; printed < Math.floor(recorder.durationMs / 2000); printed += 1) process.stdout.write('segment\n')
}
