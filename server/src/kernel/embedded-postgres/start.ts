import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { sizeOf, tailOf, trimLog } from '../log-file.ts'
import { processIdentity } from '../processes.ts'
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
  createHash('sha256')
    .update(JSON.stringify([place.binaries.version, place.binaries.folder, place.hidden, Object.entries(settings)]))
    .digest('hex')

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
    const said = tailOf(place.logFile, logFrom)
    // Backends of a killed PostgreSQL may need a moment to notice its death.
    if (attempt < 5 && said.includes('pre-existing shared memory block')) await pause(300 * attempt)
    else throw new Error(`PostgreSQL did not start (${outcome.why}):\n${said || `see ${place.logFile}`}`)
  }
}

async function readiness(
  place: Place,
  child: ChildProcess,
  log: Log,
): Promise<{ ready: Postmaster } | { ready: null; why: string }> {
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
