import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { storefront } from '@efir/contract/shows.ts'
import { freePort } from '../e2e/support/efir.ts'
import { openVisitor } from '../e2e/support/visitor.ts'
import { formOf, median, report } from './support/measure.ts'

/**
 * From a clone to the first page (`coldMs`: install, build, cluster, migrations, demo world), and the same again once all that is there
 * (`warmMs`). Both go through `npm start`, as a newcomer's would; the show on air is waited for beside it. The short form starts what is
 * installed here on an empty data folder instead (`freshMs`).
 */
const form = formOf(process.argv.slice(2))
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'efir-start-'))
const home = form.short ? root : join(folder, 'efir')
const dataDir = form.short ? join(folder, 'data') : join(home, 'data')
const patienceMs = 240_000

interface Started {
  readonly pageMs: number
  readonly onAirMs: number
  stop(): Promise<void>
}

async function npmStart(): Promise<Started> {
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: home,
    env: { ...plain(), PORT: String(port), EFIR_DATA: dataDir, EFIR_RTMP_PORT: '0', EFIR_LOG: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
    })
  }
  try {
    const pageMs = await when(child, began, async () => (await (await fetch(`${base}/`)).text()).includes('<title>'))
    const visitor = openVisitor(base)
    const onAirMs = await when(child, began, async () => (await visitor.must(storefront, {})).live.length > 0)
    return { pageMs, onAirMs, stop: () => stop(child) }
  } catch (problem) {
    await stop(child)
    throw new Error(`${(problem as Error).message}\n${said}`)
  }
}

/** What this process got from its own npm would lead the clone's npm back here. */
const plain = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^EFIR_|^INIT_CWD$/i.test(name)))

async function when(child: ChildProcess, began: number, ask: () => Promise<boolean>): Promise<number> {
  while (performance.now() - began < patienceMs) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`)
    if (await ask().catch(() => false)) return Math.round(performance.now() - began)
    await pause(20)
  }
  throw new Error(`not there after ${patienceMs / 1000} s`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, 'SIGINT')
  await gone
  // npm may end by the signal before the server has closed everything.
  for (let waitedMs = 0; waitedMs < 45_000 && existsSync(runs()); waitedMs += 50) await pause(50)
}

const runs = () => join(dataDir, 'postgres/cluster/postmaster.pid')

async function timed(): Promise<Started> {
  const started = await npmStart()
  await started.stop()
  return started
}

try {
  if (!form.short) execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, home])
  const first = await timed()
  const warm: Started[] = []
  for (let round = 0; round < (form.short ? 2 : 5); round++) warm.push(await timed())
  // Nothing may stay behind a stopped platform.
  const wrong = existsSync(runs()) ? 1 : 0
  const named = form.short ? 'fresh' : 'cold'
  const figures = {
    [`${named}Ms`]: first.pageMs,
    [`${named}OnAirMs`]: first.onAirMs,
    warmMs: median(warm.map((w) => w.pageMs)),
    warmOnAirMs: median(warm.map((w) => w.onAirMs)),
  }
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(12)} ${value} ms`)
  report(form, 'start', { wrong, ratios: {}, figures, targets: [{ name: 'warmMs', atMost: 3000 }] })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
