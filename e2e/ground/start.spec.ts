import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stopOrphans } from '../../server/src/kernel/embedded-postgres/open.ts'
import { isAlive, processesIn, signal } from '../../server/src/kernel/processes.ts'

const root = join(import.meta.dirname, '../..')
const stands = existsSync(join(root, 'server/src/main.ts')) && process.platform === 'linux'

let base: string
let dataDir: string
let port: number
const started: ChildProcess[] = []
const said = new Map<ChildProcess, string>()

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'efir-start-'))
  dataDir = join(base, 'data')
  port = await freePort()
})
afterEach(async () => {
  for (const child of started.splice(0)) if (child.pid !== undefined && lives(child)) killGroup(child.pid)
  for (const pid of ours()) signal(pid, 'SIGKILL')
  await stopOrphans(dataDir)
  rmSync(base, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const found = (server.address() as AddressInfo).port
  await new Promise((resolve) => server.close(resolve))
  return found
}

/** As in a terminal: npm and the server share a group, which Ctrl-C reaches as a whole. */
function npmStart(): ChildProcess {
  const child = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: String(port), EFIR_DATA: dataDir, EFIR_RTMP_PORT: '0', EFIR_NO_INSTALL: '1' },
  })
  started.push(child)
  said.set(child, '')
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part) => said.set(child, `${said.get(child)}${part}`.slice(-8000)))
  return child
}

async function ready(child: ChildProcess): Promise<void> {
  for (;;) {
    if (!lives(child)) throw new Error(`npm start ended with ${child.exitCode}:\n${said.get(child)}`)
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await pause(100)
  }
}

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode !== null
    ? Promise.resolve(child.exitCode)
    : new Promise((resolve) => child.once('exit', (code) => resolve(code)))

/** npm and its shell are of the group that Ctrl-C reaches, so they may end by the signal; what counts is that nothing of ours is left. */
async function endsCleanly(child: ChildProcess): Promise<void> {
  expect(await ended(child)).toBeOneOf([0, null])
  for (let round = 0; round < 400 && ours().length > 0; round++) await pause(100)
  expect(ours()).toEqual([])
}

const lives = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null
const killGroup = (pid: number) => signal(-pid, 'SIGKILL')

/** Every living process of this data folder: by its environment (npm, server, media), or in the folder of the database. */
function ours(): number[] {
  const byEnvironment = readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    return pid > 0 && pid !== process.pid && environmentOf(pid).includes(dataDir) && isAlive(pid) ? [pid] : []
  })
  return [...new Set([...byEnvironment, ...processesIn(join(dataDir, 'postgres/cluster'))])]
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

describe.skipIf(!stands)('npm start', () => {
  test('answers, ends by Ctrl-C without leaving a process, and starts again', async () => {
    const first = npmStart()
    await ready(first)
    signal(-first.pid!, 'SIGINT')
    await endsCleanly(first)
    const second = npmStart()
    await ready(second)
    signal(-second.pid!, 'SIGINT')
    await endsCleanly(second)
  })

  test('after kill -9 of the server the next start takes over what was left, and ends it', async () => {
    const first = npmStart()
    await ready(first)
    killGroup(first.pid!)
    await ended(first)
    expect(processesIn(join(dataDir, 'postgres/cluster')).length).toBeGreaterThan(0)
    const second = npmStart()
    await ready(second)
    signal(-second.pid!, 'SIGINT')
    await endsCleanly(second)
  })

  test('after kill -9 of every process the next start works', async () => {
    const first = npmStart()
    await ready(first)
    for (const pid of ours()) signal(pid, 'SIGKILL')
    await ended(first)
    const second = npmStart()
    await ready(second)
    signal(-second.pid!, 'SIGINT')
    await endsCleanly(second)
  })
})
