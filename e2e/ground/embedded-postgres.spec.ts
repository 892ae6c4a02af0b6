import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reachableBy } from '../../server/src/kernel/embedded-postgres/account.ts'
import { openEmbeddedPostgres, stopOrphans } from '../../server/src/kernel/embedded-postgres/open.ts'
import { openLog } from '../../server/src/kernel/log.ts'
import { gone, isAlive, signal } from '../../server/src/kernel/processes.ts'

interface Held {
  readonly url: string
  readonly pid: number
  readonly adopted: boolean
  readonly server: ChildProcess
  next(): Promise<string>
}

const nobody = 65_534
const isRoot = process.getuid?.() === 0
const log = openLog('silent')
let base: string
let dataDir: string
const servers: ChildProcess[] = []

beforeEach(() => {
  // Nobody but us may enter it: as root this is a clone below /root.
  base = mkdtempSync(join(tmpdir(), 'efir-ground-'))
  chmodSync(base, 0o700)
  dataDir = join(base, 'data')
})
afterEach(async () => {
  for (const server of servers.splice(0)) await end(server, 'SIGKILL')
  await stopOrphans(dataDir)
  rmSync(base, { recursive: true, force: true })
})

async function hold(settings = {}, as: { uid?: number; gid?: number } = {}): Promise<Held> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'hold-database.ts'), dataDir, JSON.stringify(settings)], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...as,
  })
  servers.push(server)
  const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  return { ...(JSON.parse(await next()) as { url: string; pid: number; adopted: boolean }), server, next }
}

async function end(server: ChildProcess, name: NodeJS.Signals): Promise<number | null> {
  if (server.exitCode !== null || server.signalCode !== null) return server.exitCode
  server.kill(name)
  return await new Promise((resolve) => server.once('exit', resolve))
}

async function ask(url: string, text: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return Object.values((await client.query<Record<string, unknown>>(text)).rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}
const write = (url: string) => ask(url, `create table kept as select 'Ж' as letter`)
const lowered = (url: string) => ask(url, 'select lower(letter) from kept')

test('Ctrl-C stops the database, and the second start finds everything', async () => {
  const first = await hold()
  await write(first.url)
  expect(await end(first.server, 'SIGINT')).toBe(0)
  expect(isAlive(first.pid)).toBe(false)
  const second = await hold()
  expect(second.adopted).toBe(false)
  expect(await lowered(second.url)).toBe('ж')
})

test('a database whose server was killed is adopted by the next server, and stopped with it', async () => {
  const first = await hold()
  await write(first.url)
  await end(first.server, 'SIGKILL')
  expect(isAlive(first.pid)).toBe(true)
  const second = await hold()
  expect([second.adopted, second.pid]).toEqual([true, first.pid])
  expect(await lowered(second.url)).toBe('ж')
  expect(await end(second.server, 'SIGINT')).toBe(0)
  expect(isAlive(first.pid)).toBe(false)
})

test('a database left with other settings is stopped and started anew', async () => {
  const first = await hold()
  await end(first.server, 'SIGKILL')
  const second = await hold({ work_mem: '5MB' })
  expect(second.adopted).toBe(false)
  expect(isAlive(first.pid)).toBe(false)
  expect(await ask(second.url, 'show work_mem')).toBe('5MB')
})

test('server and database killed together: the locks they leave keep nobody out, and what was committed is there', async () => {
  const first = await hold()
  await write(first.url)
  await Promise.all([end(first.server, 'SIGKILL'), signal(first.pid, 'SIGKILL')])
  const second = await hold()
  expect(await lowered(second.url)).toBe('ж')
})

test('a pid file that names a living stranger keeps nobody out, and the stranger lives on', async () => {
  const first = await hold()
  await write(first.url)
  await Promise.all([end(first.server, 'SIGKILL'), signal(first.pid, 'SIGKILL')])
  await gone(first.pid, undefined, 5000)
  // Of the very account that PostgreSQL runs as, which PostgreSQL itself would take for a rival.
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore', ...(isRoot ? { uid: 60_584, gid: 60_584 } : {}) })
  try {
    const file = join(dataDir, 'postgres/cluster/postmaster.pid')
    const lines = readFileSync(file, 'utf8').split('\n')
    writeFileSync(file, [String(stranger.pid), ...lines.slice(1)].join('\n'))
    writeFileSync(join(dataDir, 'postgres/.s.PGSQL.5432.lock'), [String(stranger.pid), ...lines.slice(1)].join('\n'))
    const second = await hold()
    expect(await lowered(second.url)).toBe('ж')
    expect(isAlive(stranger.pid!)).toBe(true)
  } finally {
    stranger.kill('SIGKILL')
  }
})

test('a database that is killed under its server is up again by itself', async () => {
  const { url, pid, next } = await hold()
  await write(url)
  signal(pid, 'SIGKILL')
  expect([await next(), await next()]).toEqual(['down', 'up'])
  expect(await lowered(url)).toBe('ж')
})

test('a cluster whose making was cut short is made anew', async () => {
  mkdirSync(join(dataDir, 'postgres/cluster.new'), { recursive: true })
  writeFileSync(join(dataDir, 'postgres/cluster.new/PG_VERSION'), '18\n')
  const { url } = await hold()
  expect(await ask(url, 'select 1')).toBe(1)
})

test('a second server on the same folder is refused, a tool may join and leaves the database running', async () => {
  const { url, pid } = await hold()
  await write(url)
  await expect(openEmbeddedPostgres({ dataDir, log })).rejects.toThrow(/already runs/)
  const joined = await openEmbeddedPostgres({ dataDir, log, whenHeld: 'join' })
  expect([joined.joined, joined.pid(), await lowered(joined.url)]).toEqual([true, pid, 'ж'])
  await joined[Symbol.asyncDispose]()
  expect(await lowered(url)).toBe('ж')
})

test('an orphan is stopped when the next server uses another database', async () => {
  const first = await hold()
  expect(await stopOrphans(dataDir)).toBe(false)
  await end(first.server, 'SIGKILL')
  expect(await stopOrphans(dataDir)).toBe(true)
  expect(isAlive(first.pid)).toBe(false)
})

test('a folder with a long name, spaces and other scripts serves as well', async () => {
  dataDir = join(base, 'Эфир прямой эфир', 'x'.repeat(120), 'd ata%2F')
  const { url } = await hold()
  await write(url)
  expect(await lowered(url)).toBe('ж')
})

test.runIf(
  isRoot &&
    reachableBy(process.execPath, nobody, nobody) &&
    reachableBy(join(import.meta.dirname, 'hold-database.ts'), nobody, nobody),
)('an ordinary account runs the database as itself', async () => {
  chownSync(base, nobody, nobody)
  const first = await hold({}, { uid: nobody, gid: nobody })
  await write(first.url)
  await end(first.server, 'SIGKILL')
  const second = await hold({}, { uid: nobody, gid: nobody })
  expect([second.adopted, await lowered(second.url)]).toEqual([true, 'ж'])
  expect(await end(second.server, 'SIGINT')).toBe(0)
})
