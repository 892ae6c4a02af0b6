import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../media/src/clock.ts'
import { readClip } from '../media/src/publish/clip.ts'
import { publishLoop } from '../media/src/publish/publish.ts'
import { openHookServer } from '../media/src/testing/hook-server.ts'
import { ask, socketOf, startMedia } from '../media/src/testing/process.ts'
import { readFragments, readTracks } from '../media/src/wire/fmp4/read.ts'
import { cpuOf, follow } from './support/follow.ts'
import { formOf, median, report, rounded } from './support/measure.ts'

/**
 * A long show: 8 publishers over RTMP, viewers that follow by LL-HLS. Memory must be flat, sound and picture must stay together, and
 * the timeline must not run away from the clock. `--minutes N`, `--viewers N`.
 */
const args = process.argv.slice(2)
const form = formOf(args)
const given = (name: string, usual: number) =>
  Number(args[args.indexOf(name) + 1] && args.includes(name) ? args[args.indexOf(name) + 1] : usual)
const minutes = given('--minutes', form.short ? 0.5 : 30)
const viewers = given('--viewers', form.short ? 80 : 500)
const publishers = 8
const lookEveryMs = form.short ? 2_000 : 10_000

interface Look {
  readonly atS: number
  readonly rssMb: number
  /** Largest distance of sound and picture at the start of any show's newest segment. */
  readonly avMs: number
  /** How far each show's newest picture is behind the clock, the most. */
  readonly behindMs: number
}

const hooks = await openHookServer()
const media = startMedia(hooks)
const stop = new AbortController()
try {
  await ready()
  const clip = readClip(readFileSync(join(import.meta.dirname, '../server/seed/clip/demo.flv')))
  const { rtmpPort } = await control<{ rtmpPort: number }>('health')
  const shows = Array.from({ length: publishers }, (_, i) => `show_${i}`)
  const publishing = shows.map((id) =>
    publishLoop({ url: `rtmp://127.0.0.1:${rtmpPort}/live/${id}`, clip, clock: systemClock, signal: stop.signal }),
  )
  while (
    (await control<{ streams: { stats: { state: string } }[] }>('health')).streams.filter(({ stats }) => stats.state === 'live')
      .length < publishers
  )
    await pause(200)
  await pause(6_000)
  const aloneFrom = await cpuOf([media.child])
  const aloneS = form.short ? 5 : 30
  await pause(aloneS * 1000)
  const perStream = ((await cpuOf([media.child])) - aloneFrom) / aloneS / publishers
  const looks: Look[] = []
  const forMs = minutes * 60_000
  const began = performance.now()
  const following = follow(
    { socketPath: socketOf(hooks) },
    shows.map((id) => `/live/${id}`),
    viewers,
    forMs,
  )
  const busyFrom = await cpuOf([media.child])
  while (performance.now() - began < forMs - lookEveryMs) {
    await pause(lookEveryMs)
    looks.push(await look(shows, (performance.now() - began) / 1000))
    if (!form.short && looks.length % 6 === 0) console.log(JSON.stringify(looks.at(-1)))
  }
  const seen = await following
  const busy = ((await cpuOf([media.child])) - busyFrom) / (forMs / 1000)
  stop.abort()
  await Promise.all(publishing)
  tell(looks, seen, perStream, busy)
} finally {
  stop.abort()
  media.child.kill('SIGKILL')
  await media.exited
  await hooks.close()
}

function tell(looks: readonly Look[], seen: Awaited<ReturnType<typeof follow>>, perStream: number, busy: number): void {
  const avMs = Math.max(...looks.map((one) => one.avMs))
  // The window of the origin fills for two minutes: growth counts after that.
  const settled = looks.filter(({ atS }) => atS > Math.min(150, minutes * 20))
  const growth = slope(settled.map(({ atS, rssMb }) => [atS / 3600, rssMb]))
  const drift = slope(looks.map(({ atS, behindMs }) => [atS / 3600, behindMs]))
  console.log(
    `${publishers} publishers, ${viewers} viewers, ${minutes} minutes: ${seen.parts} parts, ${seen.late} late, memory ${Math.round(median(settled.map(({ rssMb }) => rssMb)))} MB`,
  )
  report(form, 'ingest', {
    wrong: seen.wrong + (avMs > 40 ? 1 : 0) + (looks.length === 0 ? 1 : 0),
    ratios: {},
    figures: {
      cpuPerStreamPercent: rounded(perStream * 100),
      cpuInAllPercent: rounded(busy * 100),
      rssMb: Math.round(looks.at(-1)?.rssMb ?? 0),
      rssGrowthMb: rounded(growth * (minutes / 60)),
      avMs: rounded(avMs),
      driftMsPerHour: rounded(drift),
      lateShare: rounded(seen.late / Math.max(1, seen.parts)),
    },
    targets: [
      { name: 'cpuPerStreamPercent', atMost: 5 },
      { name: 'avMs', atMost: 40 },
      ...(form.short ? [] : [{ name: 'rssGrowthMb', atMost: 20 }]),
    ],
  })
}

async function ready(): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await ask(socketOf(hooks), '/control/health', auth()).catch(() => null)
    if (answer?.status === 200) return
    await pause(50)
  }
  throw new Error(`media does not answer: ${media.output()}`)
}

function auth() {
  return { headers: { authorization: `Bearer ${hooks.secret}` } }
}

async function control<T>(path: string): Promise<T> {
  return JSON.parse((await ask(socketOf(hooks), `/control/${path}`, auth())).body) as T
}

async function look(shows: readonly string[], atS: number): Promise<Look> {
  const { residentBytes } = await control<{ residentBytes: number }>('figures')
  const each = await Promise.all(shows.map(lookAt))
  return {
    atS: Math.round(atS),
    rssMb: rounded(residentBytes / 1e6),
    avMs: rounded(Math.max(...each.map(({ avMs }) => avMs))),
    behindMs: Math.round(Math.max(...each.map(({ behindMs }) => behindMs))),
  }
}

async function lookAt(show: string): Promise<{ avMs: number; behindMs: number }> {
  const at = `/live/${show}/`
  const list = (await ask(socketOf(hooks), `${at}live.m3u8`)).body
  const init = /EXT-X-MAP:URI="([^"]+)"/.exec(list)?.[1] ?? ''
  const segment = [...list.matchAll(/^s\d+\.m4s$/gm)].at(-1)?.[0] ?? ''
  const dates = [...list.matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map(([, date = '']) => Date.parse(date))
  const [initBytes, bytes] = await Promise.all([init, segment].map((file) => fetchBytes(at + file)))
  const tracks = readTracks(initBytes ?? Buffer.alloc(0))
  const starts = tracks.map(({ trackId, timescale }) => {
    const run = readFragments(bytes ?? Buffer.alloc(0), tracks).find((one) => one.trackId === trackId)
    return ((run?.baseTime ?? 0) / timescale) * 1000
  })
  return { avMs: Math.abs((starts[0] ?? 0) - (starts[1] ?? 0)), behindMs: Date.now() - (dates.at(-1) ?? 0) }
}

async function fetchBytes(path: string): Promise<Buffer> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    request({ socketPath: socketOf(hooks), path }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => resolve(Buffer.concat(chunks)))
    })
      .on('error', reject)
      .end()
  })
}

/** Least squares: by how much y grows per unit of x. */
function slope(points: readonly (readonly [number, number])[]): number {
  const n = points.length
  if (n < 2) return 0
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  const under = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  return under === 0 ? 0 : over / under
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
