import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { isAlive, processIdentity } from '../processes.ts'
import { launchPostgres } from './launch.ts'
import { databaseUrl, type Place } from './place.ts'
import { clearAfterDeath, livingPostmaster, type Postmaster, saysReady, stopPostmaster } from './postmaster.ts'
import { answers } from './probe.ts'

export type Settings = Readonly<Record<string, string>>

export interface Running {
  readonly postmaster: Postmaster
  /** null: adopted, started by an earlier server process. */
  readonly child: ChildProcess | null
}

export const digestOf = (place: Place, settings: Settings): string =>
  createHash('sha256').update(JSON.stringify([place.binaries.version, place.binaries.folder, place.hidden, Object.entries(settings)])).digest('hex')

/** Takes over the PostgreSQL that an earlier server left running when it is healthy and as we would start it; else stops it. */
export async function adopt(place: Place, asBefore: boolean, log: Log): Promise<Running | null> {
  const found = livingPostmaster(place)
  if (!found) return null
  if (asBefore && saysReady(place, found.pid) && (await answers(databaseUrl(place, 'postgres')))) {
    log.info({ pid: found.pid }, 'database adopted: an earlier server left it running')
    return { postmaster: found, child: null }
  }
  log.warn({ pid: found.pid }, 'database left by an earlier server is stopped')
  await stopPostmaster(place, found)
  return null
}

export async function start(place: Place, settings: Settings, log: Log): Promise<Running> {
  trimLog(place.logFile)
  for (let attempt = 1; ; attempt++) {
    await clearAfterDeath(place)
    const logFrom = sizeOf(place.logFile)
    const child = launchPostgres(place, settings)
    const outcome = await readiness(place, child, log)
    if (outcome.ready) return { postmaster: outcome.ready, child }
    const said = tail(place.logFile, logFrom)
    // Backends of a killed PostgreSQL may need a moment to notice its death.
    if (attempt < 5 && said.includes('pre-existing shared memory block')) await pause(300 * attempt)
    else throw new Error(`PostgreSQL did not start (${outcome.why}):\n${said || `see ${place.logFile}`}`)
  }
}

async function readiness(place: Place, child: ChildProcess, log: Log): Promise<{ ready: Postmaster } | { ready: null; why: string }> {
  let why: string | null = null
  child.once('error', (problem) => {
    why = problem.message
  })
  child.once('exit', (code, signal) => {
    why ??= signal ? `ended by ${signal}` : `exit code ${code}`
  })
  const { pid } = child
  for (let waitedMs = 0; ; waitedMs += 10) {
    if (why !== null) return { ready: null, why }
    if (pid !== undefined && saysReady(place, pid)) {
      const identity = processIdentity(pid)
      if (identity !== undefined) return { ready: { pid, identity } }
    }
    // Recovery after a crash replays at most max_wal_size; to stop it half-way would only begin it anew.
    if (waitedMs > 0 && waitedMs % 10_000 === 0) log.info({ waitedMs }, 'database recovers')
    await pause(10)
  }
}

/** Calls back once when it is gone. The returned function stops watching. */
export function onDeath({ postmaster, child }: Running, call: () => void): () => void {
  let over = false
  const end = () => {
    if (over) return
    over = true
    clearInterval(timer)
    child?.off('exit', end)
    call()
  }
  // An adopted one is not our child: nobody tells us when it ends.
  const timer = setInterval(() => {
    if (!isAlive(postmaster.pid, postmaster.identity)) end()
  }, 250)
  timer.unref()
  child?.once('exit', end)
  return () => {
    over = true
    clearInterval(timer)
    child?.off('exit', end)
  }
}

const logLimitBytes = 8 * 1024 * 1024

/** PostgreSQL appends to the file it was given; copy and truncate keeps it bounded, also for an adopted one. */
export function trimLog(file: string): void {
  if (sizeOf(file) <= logLimitBytes) return
  copyFileSync(file, `${file}.1`)
  truncateSync(file)
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

function tail(file: string, from: number, limitBytes = 4000): string {
  const size = sizeOf(file)
  const length = Math.min(limitBytes, Math.max(0, size - from))
  if (length === 0) return ''
  const handle = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(length)
    return buffer.toString('utf8', 0, readSync(handle, buffer, 0, length, size - length))
  } finally {
    closeSync(handle)
  }
}
