import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openBackoff } from './backoff.ts'
import { type ChildOptions, superviseChild } from './child.ts'
import { openLog } from './log.ts'
import { isAlive, signal } from './processes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'efir-child-'))
  // Answers on a socket, as media does; an old socket file is replaced.
  writeFileSync(
    join(folder, 'child.mjs'),
    `import net from 'node:net'; import fs from 'node:fs'
     fs.rmSync(process.argv[2], { force: true })
     console.log('child runs'); if (process.argv[3] === 'broken') { console.error('cannot go on'); process.exit(3) }
     net.createServer((s) => s.end('ok')).listen(process.argv[2])`,
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const answersOn = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection(path)
    socket
      .once('data', () => resolve(true))
      .once('error', () => resolve(false))
      .once('close', () => resolve(false))
  })

function options(more: Partial<ChildOptions> = {}, ...args: string[]): ChildOptions {
  const socket = join(folder, 'child.sock')
  return {
    name: 'test child',
    command: process.execPath,
    args: [join(folder, 'child.mjs'), socket, ...args],
    env: { PATH: process.env['PATH'] },
    log: openLog('silent'),
    logFile: join(folder, 'child.log'),
    stateFile: join(folder, 'child.json'),
    fingerprint: '1',
    healthy: () => answersOn(socket),
    limits: { firstPauseMs: 20, healthEveryMs: 100 },
    ...more,
  }
}

test('a child that dies is started again, and stop leaves nothing', async () => {
  const onUp = vi.fn()
  const onDown = vi.fn()
  const child = await superviseChild(options({ onUp, onDown }))
  const first = child.pid()!
  signal(first, 'SIGKILL')
  await vi.waitFor(() => expect(onUp).toHaveBeenCalledOnce(), 10_000)
  expect(onDown).toHaveBeenCalledOnce()
  const second = child.pid()!
  expect(second).not.toBe(first)
  await child.stop()
  expect(isAlive(second)).toBe(false)
  expect(existsSync(join(folder, 'child.json'))).toBe(false)
})

test('a child that hangs is ended and started again', async () => {
  const onUp = vi.fn()
  let hangs = false
  const given = options({ onUp, limits: { firstPauseMs: 20, healthEveryMs: 20, failuresAllowed: 2 } })
  await using child = await superviseChild({
    ...given,
    healthy: async () => !hangs && (await given.healthy()),
    onDown: () => (hangs = false),
  })
  const first = child.pid()
  hangs = true
  await vi.waitFor(() => expect(onUp).toHaveBeenCalledOnce(), 10_000)
  expect(child.pid()).not.toBe(first)
})

test('a child that cannot start is reported with what it wrote', async () => {
  await expect(superviseChild(options({}, 'broken'))).rejects.toThrow(/exit code 3.*cannot go on/s)
  await expect(superviseChild(options({ command: join(folder, 'absent') }))).rejects.toThrow(/ENOENT/)
})

test('a child that was left is adopted with the same fingerprint and replaced with another', async () => {
  const one = await superviseChild(options())
  const pid = one.pid()!
  await one.leave()
  expect(isAlive(pid)).toBe(true)
  const two = await superviseChild(options())
  expect([two.adopted, two.pid()]).toEqual([true, pid])
  await two.leave()
  await using three = await superviseChild(options({ fingerprint: '2' }))
  expect(three.adopted).toBe(false)
  expect(isAlive(pid)).toBe(false)
})

test('two servers do not run the same child', async () => {
  await using _child = await superviseChild(options())
  await expect(superviseChild(options())).rejects.toThrow(/already run by another server/)
})

test('the child outlives kill -9 of its server and the next server adopts it; an adopted child that dies is started again', async () => {
  const server = join(folder, 'server.ts')
  const given = options()
  writeFileSync(
    server,
    `import { superviseChild } from ${JSON.stringify(join(import.meta.dirname, 'child.ts'))}
     import { openLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))}
     const child = await superviseChild({ ...${JSON.stringify({ ...given, log: undefined, healthy: undefined })}, log: openLog('silent'), healthy: async () => true })
     console.log(child.pid()); setInterval(() => {}, 1000)`,
  )
  const parent = spawn(process.execPath, [server], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(String(await new Promise((resolve) => parent.stdout.once('data', resolve))))
  parent.kill('SIGKILL')
  await new Promise((resolve) => parent.once('exit', resolve))
  await vi.waitFor(async () => expect(await given.healthy()).toBe(true), 10_000)
  expect(isAlive(pid)).toBe(true)

  const onUp = vi.fn()
  await using child = await superviseChild({ ...given, onUp })
  expect([child.adopted, child.pid()]).toEqual([true, pid])
  signal(pid, 'SIGKILL')
  await vi.waitFor(() => expect(onUp).toHaveBeenCalledOnce(), 10_000)
  expect(readFileSync(join(folder, 'child.log'), 'utf8').match(/child runs/g)).toHaveLength(2)
})

test('stopping while the child is down does not start it again', async () => {
  const child = await superviseChild(options({ limits: { firstPauseMs: 60_000, longestPauseMs: 60_000 } }))
  signal(child.pid()!, 'SIGKILL')
  await vi.waitFor(() => expect(child.pid()).toBeNull(), 10_000)
  await child.stop()
  await pause(50)
  expect(await answersOn(join(folder, 'child.sock'))).toBe(false)
})

test('pauses double up to the longest and are forgotten after a long life', () => {
  const backoff = openBackoff(100, 500)
  expect([0, 0, 0, 0, 0].map((ms) => backoff.after(ms))).toEqual([100, 200, 400, 500, 500])
  expect(backoff.after(60_000)).toBe(0)
  expect(backoff.after(5)).toBe(100)
})
