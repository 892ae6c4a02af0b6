import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = join(import.meta.dirname, '../..')

/** The whole product as `npm start` runs it, on ports and a data folder of its own. */
export interface Efir {
  readonly base: string
  readonly port: number
  readonly dataDir: string
  /** What it printed so far. */
  output(): string
  /** Of an empty platform. */
  setUpCode(): string
  pid(): number
  /** SIGKILL of the server alone: database and media stay. */
  kill(): Promise<void>
  /** Starts again on the same data folder and port. */
  start(): Promise<void>
  stop(): Promise<void>
  /** As a supervisor ends it: SIGTERM, and who is here is served to the end. */
  leave(): Promise<void>
}

export interface EfirOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly readyWithinMs?: number
  /** With `--lan` the server speaks TLS of its own authority. */
  readonly tls?: boolean
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

export async function startEfir(options: EfirOptions = {}): Promise<Efir> {
  const dataDir = mkdtempSync(join(tmpdir(), 'efir-e2e-'))
  const port = await freePort()
  const base = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  let output = ''
  // Counted as it comes: a busy server's log soon pushes it out of what is kept.
  let greetings = 0

  async function start(): Promise<void> {
    child = spawn(process.execPath, [join(root, 'server/src/main.ts'), ...(options.args ?? ['--empty'])], {
      cwd: root,
      env: { ...process.env, EFIR_DATA: dataDir, PORT: String(port), EFIR_RTMP_PORT: '0', EFIR_LOG: 'warn', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        greetings += text.split('Efir is on air').length - 1
        output = (output + text).slice(-200_000)
      })
    }
    const started = child
    const before = greetings
    // The greeting, with the set-up code in it, is printed a moment after the first answer.
    const answers = async () =>
      started.exitCode !== null ||
      ((options.tls ? await answersTls(port, dataDir) : (await fetch(`${base}/healthz`)).ok) && greetings > before)
    await until(answers, options.readyWithinMs ?? 60_000, () => `the server is not ready:\n${output}`)
    if (started.exitCode !== null) throw new Error(`the server ended with ${started.exitCode}:\n${output}`)
  }

  const ended = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await gone
  }
  const stop = async () => {
    await ended('SIGINT')
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (problem) {
    await stop()
    throw problem
  }
  return {
    base,
    port,
    dataDir,
    output: () => output,
    setUpCode: () => /set-up\?code=([\w-]+)/.exec(output)?.[1] ?? '',
    pid: () => child?.pid ?? 0,
    kill: () => ended('SIGKILL'),
    start,
    stop,
    leave: () => ended('SIGTERM'),
  }
}

const answersTls = (port: number, dataDir: string): Promise<boolean> =>
  new Promise((resolve) => {
    const ca = readFileSync(join(dataDir, 'tls/authority.crt'))
    const asked = request({ host: '127.0.0.1', port, path: '/healthz', ca }, (answer) => resolve(answer.statusCode === 200))
    asked.on('error', () => resolve(false)).end()
  })

/** Asks until the answer is yes; errors count as no. */
export async function until(ask: () => Promise<boolean>, withinMs: number, why: () => string): Promise<void> {
  const end = performance.now() + withinMs
  while (performance.now() < end) {
    const yes = await ask().catch(() => false)
    if (yes) return
    await pause(100)
  }
  throw new Error(why())
}

/** The secret with which this server signs tokens. */
export const secretOf = (efir: Efir): string => readFileSync(join(efir.dataDir, 'secret'), 'utf8').trim()
