import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ClientAnswer, ClientOrder } from './peers/room-clients.ts'
import type { PeerAnswer, PeerOrder } from './peers/room-peer.ts'

/**
 * One room, very many viewers: CPU of the server process per delivered event, ours beside Socket.IO and beside a C loop that only
 * sends ready frames. Servers and viewers are processes of their own; every viewer checks every event.
 */
type PeerName = 'efir' | 'socketio' | 'c'
interface Work {
  /** Events in one frame of the C loop: as many as ours had. */
  readonly perFrame: number
  readonly viewers: number
  readonly perSecond: number
  readonly events: number
  /** Sent before and not counted, for nobody: rooms live for hours, and what is compiled in the first moments does not matter. */
  readonly warm: number
}
interface Result {
  readonly cpuUsPerEvent: number
  readonly cpuUsPerFrame: number
  /** Events in one frame. */
  readonly perFrame: number
  readonly wrong: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rssMb: number
}
interface Running extends Disposable {
  readonly port: number
  joined(): Promise<number>
  /** Sends all events on plan; the answer comes when the last has left. */
  go(work: Work): Promise<void>
  /** Since `go`. */
  cost(): Promise<{ cpuUs: number; rssMb: number }>
}

/** With the envelope about 200 bytes on the wire. */
const padding = 130
const folder = join(import.meta.dirname, 'peers')

function nextAnswer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (answer) => {
      child.off('exit', onExit)
      resolve(answer as T)
    })
  })
}

function ask<T>(child: ChildProcess, order: PeerOrder | ClientOrder): Promise<T> {
  const answer = nextAnswer<T>(child)
  child.send(order)
  return answer
}

async function startNode(file: string): Promise<Running> {
  const child = fork(join(folder, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const { port } = await nextAnswer<Extract<PeerAnswer, { port: number }>>(child)
  return {
    port,
    joined: async () => (await ask<{ joined: number }>(child, { do: 'joined' })).joined,
    go: async ({ events, perSecond }) => void (await ask(child, { do: 'go', events, perSecond, padding })),
    cost: () => ask(child, { do: 'cpu' }),
    [Symbol.dispose]: () => child.disconnect(),
  }
}

async function startC(binary: string): Promise<Running> {
  const child = spawn(binary, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the C loop ended with ${code}`)))
  })
  ended.catch(() => undefined)
  let joined = 0
  let done: (result: { cpuUs: number; rssMb: number }) => void = () => undefined
  let finished = Promise.resolve({ cpuUs: 0, rssMb: 0 })
  const port = await new Promise<number>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, first, second] = line.split(' ')
      if (word === 'listening') resolve(Number(first))
      if (word === 'joined') joined = Number(first)
      if (word === 'done') done({ cpuUs: Number(second) > 0 ? Number.NaN : Number(first), rssMb: rssOf(child.pid ?? 0) })
    })
  })
  return {
    port,
    joined: async () => joined,
    async go({ events, perSecond, perFrame: each }) {
      finished = new Promise((resolve) => {
        done = resolve
      })
      child.stdin.write(`go ${Math.ceil(events / each)} ${each} ${(each * 1_000) / perSecond} ${padding}\n`)
      await Promise.race([finished, ended])
    },
    cost: () => finished,
    [Symbol.dispose]: () => void child.stdin.end(),
  }
}

const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000

type Seen = Extract<ClientAnswer, { delivered: number }>

async function send(server: Running, viewers: ChildProcess, work: Work, before: number, events: number): Promise<Seen> {
  const seen = ask<Seen>(viewers, { do: 'await', events: before + events, timeoutMs: 60_000 })
  await server.go({ ...work, events })
  return await seen
}

async function measure(peer: PeerName, work: Work, binary: string | null): Promise<Result> {
  using server =
    peer === 'c' ? await startC(binary ?? '') : await startNode(peer === 'efir' ? 'room-efir.ts' : 'room-socketio.ts')
  const viewers = fork(join(folder, 'room-clients.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  try {
    await ask(viewers, { do: 'join', port: server.port, count: work.viewers, speak: peer === 'c' ? 'bare' : peer })
    for (let tries = 0; (await server.joined()) < work.viewers && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50))
    // The C loop sends whole frames only.
    const whole = (events: number) => (peer === 'c' ? Math.ceil(events / work.perFrame) * work.perFrame : events)
    const warm = whole(work.warm)
    await send(server, viewers, work, 0, warm)
    const seen = await send(server, viewers, work, warm, whole(work.events))
    const { cpuUs, rssMb } = await server.cost()
    const { delivered, frames, p50Ms, p99Ms } = seen
    const wrong = seen.wrong + seen.missing
    return {
      cpuUsPerEvent: cpuUs / delivered,
      cpuUsPerFrame: cpuUs / frames,
      perFrame: delivered / frames,
      wrong,
      p50Ms,
      p99Ms,
      rssMb,
    }
  } finally {
    viewers.disconnect()
  }
}

/** Open files a process may have: each viewer takes one in each process. */
function openFiles(): number {
  try {
    return Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 0)
  } catch {
    return 10_240
  }
}

function buildC(into: string): string | null {
  for (const cc of ['cc', 'gcc', 'clang']) {
    try {
      execFileSync(cc, ['-O2', '-o', join(into, 'loop'), join(folder, 'room-loop.c')], { stdio: ['ignore', 'ignore', 'pipe'] })
      return join(into, 'loop')
    } catch (problem) {
      if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem
    }
  }
  return null
}

/** What the buffer of the C loop holds. */
const mostPerFrame = 200

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const rounded = (value: number): number => Math.round(value * 100) / 100

interface Row {
  readonly work: Work
  readonly peers: readonly PeerName[]
  readonly rounds: number
}

async function run(row: Row, binary: string | null, say: (line: string) => void): Promise<Record<PeerName, Result[]>> {
  const results: Record<PeerName, Result[]> = { efir: [], socketio: [], c: [] }
  for (let round = 0; round < row.rounds; round++) {
    for (const peer of row.peers) {
      const perFrame = Math.min(mostPerFrame, Math.max(1, Math.round(results.efir.at(-1)?.perFrame ?? 1)))
      const result = await measure(peer, { ...row.work, perFrame }, binary)
      results[peer].push(result)
      const { viewers, perSecond } = row.work
      say(
        `${viewers} x ${perSecond}/s  ${peer.padEnd(8)}  ${rounded(result.cpuUsPerEvent)} us/event  ${rounded(result.cpuUsPerFrame)} us/frame  p50 ${result.p50Ms} p99 ${result.p99Ms} ms  wrong ${result.wrong}  rss ${Math.round(result.rssMb)} MB`,
      )
    }
  }
  return results
}

async function main(args: readonly string[]): Promise<void> {
  const short = args.includes('--short')
  const json = args.includes('--json')
  const say = (line: string) => console.log(line)
  const files = openFiles()
  const most = Math.min(10_000, files - 500)
  if (most < 10_000)
    say(`Only ${files} open files are allowed: the big room has ${most} viewers instead of 10000. Raise it with: ulimit -n 20000`)
  const into = mkdtempSync(join(tmpdir(), 'efir-bench-'))
  try {
    const binary = buildC(into)
    if (!binary) say('No C compiler (cc) here: vsC is left out.')
    if (!existsSync(join(import.meta.dirname, '../node_modules/bun'))) say('Bun is not installed: vsBun is left out.')
    const rounds = short ? 1 : 3
    const many = await run(
      {
        work: { viewers: Math.min(2_000, most), perSecond: 40, events: short ? 120 : 400, warm: short ? 40 : 80, perFrame: 1 },
        peers: binary ? ['efir', 'socketio', 'c'] : ['efir', 'socketio'],
        rounds,
      },
      binary,
      say,
    )
    const big = await run(
      {
        work: { viewers: most, perSecond: 10, events: short ? 20 : 80, warm: short ? 5 : 20, perFrame: 1 },
        peers: ['efir', 'socketio'],
        rounds,
      },
      binary,
      say,
    )
    const cpu = (list: readonly Result[]) => middle(list.map((r) => r.cpuUsPerEvent))
    const late = (list: readonly Result[]) => middle(list.map((r) => r.p99Ms))
    const ratios = {
      vsSocketIo: rounded(cpu(many.socketio) / cpu(many.efir)),
      vsSocketIo10k: rounded(cpu(big.socketio) / cpu(big.efir)),
      ...(binary
        ? { vsC: rounded(middle(many.c.map((r) => r.cpuUsPerFrame)) / middle(many.efir.map((r) => r.cpuUsPerFrame))) }
        : {}),
    }
    const wrong = [...Object.values(many), ...Object.values(big)].flat().reduce((sum, r) => sum + r.wrong, 0)
    const figures = {
      usPerEvent: rounded(cpu(many.efir)),
      usPerEvent10k: rounded(cpu(big.efir)),
      p99Ms: late(many.efir),
      p99MsSocketIo: late(many.socketio),
      p99Ms10k: late(big.efir),
      p99Ms10kSocketIo: late(big.socketio),
      viewers10k: most,
    }
    say(
      `vsSocketIo ${ratios.vsSocketIo} (target >= 6)  vsSocketIo10k ${ratios.vsSocketIo10k} (target >= 1.5)  vsC ${ratios.vsC ?? 'no cc'} (target >= 0.7)`,
    )
    if (json) console.log(JSON.stringify({ bench: 'room-fanout', ok: wrong === 0, wrong, ratios, figures }))
    if (wrong > 0) process.exitCode = 1
  } finally {
    rmSync(into, { recursive: true, force: true })
  }
}

await main(process.argv.slice(2))
