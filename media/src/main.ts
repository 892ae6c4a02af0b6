/** The media process. It outlives the server that started it: the next one adopts it. */
import { systemClock } from './clock.ts'
import type { JsonTarget } from './json-request.ts'
import type { Log } from './log.ts'
import { jsonLog } from './log.ts'
import type { MediaOptions } from './media.ts'
import { Media, SocketTaken } from './media.ts'
import { recordingTo } from './record/open-recording.ts'

const EXIT = { badConfig: 2, socketTaken: 3, tooManyFaults: 4 } as const
const MAX_FAULTS_PER_MINUTE = 20

let deafOutput = false
process.stdout.on('error', () => {
  // The reader of our log is gone; the shows go on.
  deafOutput = true
})
const log = jsonLog((line) => void (deafOutput || process.stdout.write(line)), Date.now, { part: 'media', pid: process.pid })

function required(name: string): string {
  const value = process.env[name]
  if (value !== undefined && value !== '') return value
  log.error('a setting is missing', { name })
  process.exit(EXIT.badConfig)
}

function readOptions(): Omit<MediaOptions, 'openRecording'> {
  const secret = required('EFIR_MEDIA_SECRET')
  const hooksAt = required('EFIR_HOOKS_SOCKET')
  const hooks: JsonTarget = hooksAt.startsWith('http://') ? { origin: hooksAt, secret } : { socketPath: hooksAt, secret }
  const ports = /^(\d{1,5})-(\d{1,5})$/.exec(process.env['EFIR_WEBRTC_PORTS'] ?? '')
  return {
    socketPath: required('EFIR_MEDIA_SOCKET'),
    hooks,
    secret,
    version: process.env['EFIR_MEDIA_VERSION'] ?? '0',
    rtmp: { host: process.env['EFIR_RTMP_HOST'] ?? '0.0.0.0', port: Number(process.env['EFIR_RTMP_PORT'] ?? '1935') },
    webrtc: {
      announcedIps: (process.env['EFIR_WEBRTC_IPS'] ?? '')
        .split(',')
        .map((ip) => ip.trim())
        .filter((ip) => ip !== ''),
      portRange: ports === null ? null : [Number(ports[1]), Number(ports[2])],
    },
    aac: process.env['EFIR_AAC'] !== 'off',
    whepViewers: Number(process.env['EFIR_WHEP_VIEWERS'] ?? '50'),
    clock: systemClock,
    log,
  }
}

function recorderLimits(): { minFreeBytes?: number } {
  const floorMb = Number(process.env['EFIR_DISK_FLOOR_MB'])
  return process.env['EFIR_DISK_FLOOR_MB'] && Number.isFinite(floorMb) ? { minFreeBytes: floorMb * 1_000_000 } : {}
}

/** One malformed packet in a library must not end every show; a storm of faults must. */
function surviveFaults(target: Log): void {
  let faults: number[] = []
  const onFault = (error: unknown) => {
    const now = performance.now()
    faults = [...faults.filter((at) => now - at < 60_000), now]
    target.error('fault', { reason: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    if (faults.length > MAX_FAULTS_PER_MINUTE) process.exit(EXIT.tooManyFaults)
  }
  process.on('uncaughtException', onFault)
  process.on('unhandledRejection', onFault)
}

surviveFaults(log)
// A closed terminal or a dead parent is no reason to go off the air.
process.on('SIGHUP', () => undefined)
try {
  const media = await Media.open({ ...readOptions(), openRecording: recordingTo(recorderLimits()) })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void media.stop(signal))
  await media.over
  // Only lingering timers of closed peers are left.
  process.exit(0)
} catch (error) {
  if (!(error instanceof SocketTaken)) throw error
  log.error('the media socket is taken', { reason: error.message })
  process.exit(EXIT.socketTaken)
}
