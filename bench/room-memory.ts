import { formOf, median, ratioOf, report, rounded } from './support/measure.ts'
import { mostViewers, openHelper, untilJoined } from './support/rooms.ts'

/** Viewers who only watch: what the server process grows by for each of them. */
async function idle(peer: 'efir' | 'socketio', count: number, restMs: number): Promise<number> {
  using server = openHelper(`room-${peer}.ts`, { greets: true })
  const { port } = await server.ready
  using viewers = openHelper('room-clients.ts', { greets: false })
  const before = await server.ask<{ rssMb: number }>({ do: 'memory' })
  await viewers.ask({ do: 'join', port, count, speak: peer })
  await untilJoined(server, count)
  // Heartbeats and what is tidied up late belong to being idle.
  await new Promise((resolve) => setTimeout(resolve, restMs))
  const after = await server.ask<{ rssMb: number }>({ do: 'memory' })
  return ((after.rssMb - before.rssMb) * 1_000) / count
}

const form = formOf(process.argv.slice(2))
const count = mostViewers(10_000, console.log)
const ours: number[] = []
const theirs: number[] = []
for (let round = 0; round < (form.short ? 1 : 3); round++) {
  ours.push(await idle('efir', count, form.short ? 3_000 : 12_000))
  theirs.push(await idle('socketio', count, form.short ? 3_000 : 12_000))
  console.log(`${count} idle viewers  efir ${rounded(ours.at(-1) ?? 0)} kB each  socketio ${rounded(theirs.at(-1) ?? 0)} kB each`)
}
report(form, 'room-memory', {
  wrong: 0,
  ratios: { vsSocketIo: ratioOf(ours, theirs) },
  figures: { viewers: count, kbPerViewer: rounded(median(ours)), kbPerViewerSocketIo: rounded(median(theirs)) },
  targets: [{ name: 'vsSocketIo', atMost: 0.33 }],
})
