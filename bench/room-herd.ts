import type { ClientAnswer } from './peers/room-clients.ts'
import { formOf, median, ratioOf, report, rounded } from './support/measure.ts'
import { mostViewers, openHelper, untilJoined } from './support/rooms.ts'

/**
 * A line breaks and all viewers come back at the same moment: CPU of the server for each who is in the room again, and how long
 * it takes until the last one is. The servers run already and have had these viewers before.
 */
interface Herd {
  readonly cpuUs: number
  readonly allMs: number
  readonly p99Ms: number
  readonly wrong: number
}

async function herd(peer: 'efir' | 'socketio', count: number): Promise<Herd> {
  using server = openHelper(`room-${peer}.ts`, { greets: true })
  const { port } = await server.ready
  using viewers = openHelper('room-clients.ts', { greets: false })
  await viewers.ask({ do: 'join', port, count, speak: peer })
  await untilJoined(server, count)
  await viewers.ask({ do: 'cut' })
  await untilJoined(server, 0)
  await server.ask({ do: 'mark' })
  const { back, allMs, p99Ms } = await viewers.ask<Extract<ClientAnswer, { back: number }>>({ do: 'return', port })
  await untilJoined(server, count)
  const { cpuUs } = await server.ask<{ cpuUs: number }>({ do: 'cpu' })
  return { cpuUs: cpuUs / count, allMs, p99Ms, wrong: count - back }
}

const form = formOf(process.argv.slice(2))
const count = mostViewers(form.short ? 4_000 : 8_000, console.log)
const ours: Herd[] = []
const theirs: Herd[] = []
for (let round = 0; round < (form.short ? 1 : 5); round++) {
  for (const [peer, list] of [
    ['efir', ours],
    ['socketio', theirs],
  ] as const) {
    const one = await herd(peer, count)
    list.push(one)
    console.log(
      `${count} back  ${peer.padEnd(8)}  ${rounded(one.cpuUs)} us each  all after ${one.allMs} ms  p99 ${one.p99Ms} ms  wrong ${one.wrong}`,
    )
  }
}
const cpu = (list: readonly Herd[]) => list.map((one) => one.cpuUs)
const all = (list: readonly Herd[]) => list.map((one) => one.allMs)
report(form, 'room-herd', {
  wrong: [...ours, ...theirs].reduce((sum, one) => sum + one.wrong, 0),
  ratios: { vsSocketIo: ratioOf(cpu(theirs), cpu(ours)), vsSocketIoTime: ratioOf(all(theirs), all(ours)) },
  figures: {
    viewers: count,
    cpuUs: rounded(median(cpu(ours))),
    cpuUsSocketIo: rounded(median(cpu(theirs))),
    allMs: median(all(ours)),
    allMsSocketIo: median(all(theirs)),
    p99Ms: median(ours.map((one) => one.p99Ms)),
    p99MsSocketIo: median(theirs.map((one) => one.p99Ms)),
  },
  targets: [{ name: 'vsSocketIo', atLeast: 4 }],
})
