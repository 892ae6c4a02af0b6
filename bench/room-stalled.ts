import type { Settled } from './peers/room-stalled-clients.ts'
import { formOf, median, ratioOf, report, rounded } from './support/measure.ts'
import { openHelper, untilJoined } from './support/rooms.ts'

/**
 * One viewer in ten stops reading while the room talks on, then reads again: what the server keeps for them, and whether anything
 * of state and events is lost.
 */
interface Work {
  readonly viewers: number
  readonly forMs: number
  readonly perSecond: number
  readonly bytes: number
  readonly keys: number
}
interface Stalled {
  readonly grewMb: number
  readonly wrong: number
  readonly lines: number
}

async function stall(peer: 'efir' | 'ws', { viewers: count, ...rain }: Work): Promise<Stalled> {
  using server = openHelper(`room-${peer}.ts`, { greets: true })
  const { port } = await server.ready
  using viewers = openHelper('room-stalled-clients.ts', { greets: false })
  await viewers.ask({ do: 'join', port, count, stalled: count / 10, speak: peer })
  await untilJoined(server, count)
  // What is compiled and allocated in the first moments is not for those who stall.
  const first = await server.ask<{ events: number; state: number }>({ do: 'rain', ...rain, forMs: 2_000 })
  const before = await server.ask<{ rssMb: number }>({ do: 'memory' })
  await viewers.ask({ do: 'stall' })
  const then = await server.ask<{ events: number; state: number }>({
    do: 'rain',
    ...rain,
    eventsBefore: first.events,
    stateBefore: first.state,
  })
  const { rssMb } = await server.ask<{ rssMb: number }>({ do: 'memory' })
  await viewers.ask({ do: 'wake' })
  const settled = await viewers.ask<Settled>({
    do: 'settle',
    events: then.events,
    state: then.state,
    keys: rain.keys,
    timeoutMs: 30_000,
  })
  return { grewMb: Math.max(1, rssMb - before.rssMb), wrong: settled.wrong, lines: settled.lines }
}

const form = formOf(process.argv.slice(2))
const work: Work = form.short
  ? { viewers: 100, forMs: 10_000, perSecond: 60, bytes: 24_000, keys: 10 }
  : { viewers: 200, forMs: 20_000, perSecond: 60, bytes: 24_000, keys: 10 }
const ours: Stalled[] = []
const theirs: Stalled[] = []
for (let round = 0; round < (form.short ? 1 : 3); round++) {
  for (const [peer, list] of [
    ['efir', ours],
    ['ws', theirs],
  ] as const) {
    const one = await stall(peer, work)
    list.push(one)
    console.log(
      `${work.viewers / 10} of ${work.viewers} stall  ${peer.padEnd(4)}  server grew by ${rounded(one.grewMb)} MB  wrong ${one.wrong}  lines ${one.lines}`,
    )
  }
}
const grew = (list: readonly Stalled[]) => list.map((one) => one.grewMb)
report(form, 'room-stalled', {
  wrong: [...ours, ...theirs].reduce((sum, one) => sum + one.wrong, 0),
  ratios: { memoryVsNaive: ratioOf(grew(ours), grew(theirs)) },
  figures: { stalled: work.viewers / 10, grewMb: rounded(median(grew(ours))), grewMbNaive: rounded(median(grew(theirs))) },
  targets: [{ name: 'memoryVsNaive', atMost: 0.1 }],
})
