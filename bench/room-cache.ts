import type { CacheSeen } from './peers/room-cache-clients.ts'
import type { Counted } from './peers/room-paged.ts'
import { formOf, report, rounded } from './support/measure.ts'
import { nginxInstalled, openCachingNginx } from './support/nginx.ts'
import { openHelper } from './support/rooms.ts'

/** A room that is read through nginx as a cache: what is left for the server to do, and whether every reader holds the same in the end. */
const form = formOf(process.argv.slice(2))
const count = form.short ? 5_000 : 20_000
const forMs = form.short ? 8_000 : 20_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function run() {
  using origin = openHelper('room-paged.ts', { greets: true })
  const { port } = await origin.ready
  await using nginx = await openCachingNginx(port)
  using readers = openHelper('room-cache-clients.ts', { greets: false })
  await fetch(`http://127.0.0.1:${nginx.port}/room/bench/now`)
  const before = await origin.ask<Counted>({ do: 'count' })
  const cpuBefore = nginx.cpuMs()
  const startedAt = performance.now()
  await readers.ask({ do: 'read', port: nginx.port, count })
  await origin.ask({ do: 'talk', forMs })
  // The last page is over and read.
  await pause(5_000)
  const seen = await readers.ask<CacheSeen>({ do: 'stop' })
  const seconds = (performance.now() - startedAt) / 1_000
  const after = await origin.ask<Counted>({ do: 'count' })
  const same = (state: object) => JSON.stringify(Object.entries(state).sort())
  const right =
    seen.holds?.seq === after.seq && seen.holds.events === after.events && same(seen.holds.state) === same(after.state)
  const requests = after.requests - before.requests
  console.log(
    `${count} readers  ${Math.round(seen.answers / seconds)} answers/s of which the server gave ${rounded(requests / seconds)}/s  hits ${rounded((100 * seen.hits) / seen.answers)} %  a page is read ${seen.p50Ms} ms (p99 ${seen.p99Ms}) after it is over  wrong ${seen.wrong}  all alike ${right}`,
  )
  report(form, 'room-cache', {
    wrong: seen.wrong + (right ? 0 : 1),
    ratios: { vsViewers: rounded(seen.answers / requests) },
    figures: {
      viewers: count,
      answersPerSecond: Math.round(seen.answers / seconds),
      originPerSecond: rounded(requests / seconds),
      hitShare: Math.round((10_000 * seen.hits) / seen.answers) / 10_000,
      originCpuShare: rounded((after.cpuMs - before.cpuMs) / 1_000 / seconds),
      nginxCpuShare: rounded((nginx.cpuMs() - cpuBefore) / 1_000 / seconds),
      early: seen.early,
      pageP50Ms: seen.p50Ms,
      pageP99Ms: seen.p99Ms,
    },
  })
}

if (nginxInstalled()) await run()
else console.log('nginx is not installed: nothing is measured.')
