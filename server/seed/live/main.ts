/** node server/seed/live/main.ts --plan FILE --socket PATH: plays the show that is always on air, through the public API. */
import { rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { Buying } from './buying.ts'
import { pause } from './chance.ts'
import { Crowd } from './crowd.ts'
import { fulfil } from './fulfilment.ts'
import { openDesk } from './host.ts'
import { aside, log } from './log.ts'
import { openPerson } from './person.ts'
import { type LivePlan, readPlan } from './plan.ts'
import { openPicture } from './publisher.ts'

const { values } = parseArgs({ options: { plan: { type: 'string' }, socket: { type: 'string' } } })
if (values.plan === undefined || values.socket === undefined) {
  log('usage: --plan FILE --socket PATH')
  process.exit(2)
}
const planFile = values.plan
const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())
// A closed terminal or a dead server is no reason to go: the next server adopts this child.
process.on('SIGHUP', () => undefined)
process.on('unhandledRejection', (problem) => log('fault', { problem: String(problem) }))

let facts = (): object => ({})
/** The server asks here whether the child lives. */
rmSync(values.socket, { force: true })
const health = createServer(
  (_, res) =>
    void res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ pid: process.pid, ...facts() })),
)
health.listen(values.socket)

const versionOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

while (!stop.signal.aborted) {
  const version = versionOf(planFile)
  const round = new AbortController()
  const end = () => round.abort()
  stop.signal.addEventListener('abort', end, { once: true })
  play(readPlan(planFile), round.signal)
  while (!stop.signal.aborted && versionOf(planFile) === version) await pause(2_000, stop.signal)
  end()
  // Sockets and the publisher take their leave.
  await pause(800, new AbortController().signal)
}
health.close()
rmSync(values.socket, { force: true })
process.exit(0)

function play(plan: LivePlan, signal: AbortSignal): void {
  const host = openPerson(plan.origin, plan.host)
  const staff = new Map(plan.fulfilment.map(({ shopId, session }) => [shopId, openPerson(plan.origin, session)]))
  const picture = openPicture('demo', host, plan.showId, signal)
  const desk = openDesk({ plan, host, restockers: staff, picture, signal })
  const crowd = new Crowd(plan, desk, signal)
  crowd.run()
  aside('buying', new Buying(plan, crowd, desk, signal).run())
  const buyers = new Set(plan.viewers.map((v) => v.name))
  for (const [shopId, person] of staff) aside('fulfilment', fulfil({ shopId, person, buyers, signal }))
  facts = () => ({
    onAir: picture.positionMs() !== null,
    viewers: crowd.present.length,
    open: desk.lots.filter((l) => l.state === 'open').length,
    steppedBack: desk.steppedBack,
  })
  log('playing', { showId: plan.showId })
}
