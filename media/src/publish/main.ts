/** node media/src/publish/main.ts --url rtmp://127.0.0.1:1935/live/key --file clip.flv */
import { parseArgs } from 'node:util'
import { systemClock } from '../clock.ts'
import { jsonLog } from '../log.ts'
import { publishLoop } from './publish.ts'

const { values } = parseArgs({ options: { url: { type: 'string' }, file: { type: 'string' } } })
const log = jsonLog((line) => void process.stdout.write(line), Date.now, { part: 'publisher' })
if (values.url === undefined || values.file === undefined) {
  log.error('usage: --url rtmp://host:port/live/key --file clip.flv')
  process.exitCode = 2
} else {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())
  // The loop's own timers do not hold the process; this does.
  const hold = setInterval(() => undefined, 60_000)
  await publishLoop({
    url: values.url,
    file: values.file,
    clock: systemClock,
    signal: stop.signal,
    onState: (state, detail) => log.info(state, { detail }),
  })
  clearInterval(hold)
}
