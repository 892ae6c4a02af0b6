import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openBackoff } from '../backoff.ts'
import type { Log } from '../log.ts'
import { trimLog } from '../log-file.ts'
import { claim, holder, noteRunning, release } from '../owner.ts'
import { onDeath } from '../processes.ts'
import { makeCluster, safeSettings } from './launch.ts'
import { databaseUrl, dropLink, hasCluster, type Place, preparePlace } from './place.ts'
import { livingPostmaster, stopPostmaster } from './postmaster.ts'
import { assertDatabaseFits, ensureDatabase } from './probe.ts'
import { adopt, digestOf, type Running, type Settings, start } from './start.ts'

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  readonly log: Log
  /** When another living process runs this database: refuse (default), or use it and leave it running. */
  readonly whenHeld?: 'refuse' | 'join'
  /** PostgreSQL ended by itself; it is being started again. */
  readonly onDown?: () => void
  readonly onUp?: () => void
  readonly settings?: Settings
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** postgres://efir@%2F...%2Fdata%2Fpostgres/efir: a socket that only this account and root can open. */
  readonly url: string
  readonly adopted: boolean
  readonly joined: boolean
  /** Process id of PostgreSQL; null while it is down. */
  pid(): number | null
}

const database = 'efir'

/** A real PostgreSQL in `dataDir`: made, started or adopted, watched, and stopped with the server. */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options
  const place = preparePlace(options.dataDir)
  const claimed = claim(place.ownerFile)
  if (claimed.held) return join(place, claimed.held.pid, options.whenHeld ?? 'refuse')
  try {
    const settings = settingsFor(place, options)
    const digest = digestOf(place, settings)
    if (!hasCluster(place)) {
      log.info({ folder: place.cluster }, 'database cluster is made')
      await makeCluster(place)
    }
    const adopted = await adopt(place, claimed.previous?.running === digest, log)
    const running = adopted ?? (await start(place, settings, log))
    noteRunning(place.ownerFile, digest)
    return await opened(place, settings, running, options)
  } catch (problem) {
    release(place.ownerFile)
    throw problem
  }
}

async function opened(
  place: Place,
  settings: Settings,
  running: Running,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const url = databaseUrl(place, database)
  const supervisor = supervise(place, settings, running, options)
  try {
    await ensureDatabase(databaseUrl(place, 'postgres'), database)
    await assertDatabaseFits(url)
    return {
      url,
      adopted: running.child === null,
      joined: false,
      pid: supervisor.pid,
      async [Symbol.asyncDispose]() {
        await supervisor.stop()
        dropLink(place)
        release(place.ownerFile)
      },
    }
  } catch (problem) {
    await supervisor.stop()
    throw problem
  }
}

function join(place: Place, owner: number, whenHeld: 'refuse' | 'join'): EmbeddedPostgres {
  if (whenHeld === 'refuse')
    throw new Error(
      `Efir already runs on the data folder ${place.dataDir} (process ${owner}). Stop it, or set EFIR_DATA to another folder.`,
    )
  return {
    url: databaseUrl(place, database),
    adopted: false,
    joined: true,
    pid: () => livingPostmaster(place)?.pid ?? null,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

function settingsFor(place: Place, { settings }: EmbeddedPostgresOptions): Settings {
  return {
    ...safeSettings,
    ...settings,
    // Relative to the cluster: no limit of length, and it moves with the data folder.
    unix_socket_directories: '..',
    unix_socket_permissions: '0700',
    listen_addresses: '',
    cluster_name: place.dataDir.slice(-60),
  }
}

/** Starts PostgreSQL again whenever it ends by itself: at once after a long life, else with pauses that double up to 5 s. */
function supervise(place: Place, settings: Settings, first: Running, { log, onDown, onUp }: EmbeddedPostgresOptions) {
  let running: Running | null = first
  let restarting: Promise<void> | null = null
  const backoff = openBackoff(100, 5000)
  let upAt = performance.now()
  const stopping = new AbortController()
  let unwatch = onDeath(first.postmaster, first.child, died)
  const trimming = setInterval(() => trimLog(place.logFile), 60_000)
  trimming.unref()

  function died(): void {
    log.error({ pid: running?.postmaster.pid }, 'database ended by itself')
    running = null
    onDown?.()
    restarting = restart().finally(() => {
      restarting = null
    })
  }

  async function restart(): Promise<void> {
    let livedMs = performance.now() - upAt
    while (!stopping.signal.aborted) {
      // The pause ends early when the server stops.
      await pause(backoff.after(livedMs), undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      try {
        running = await start(place, settings, log)
        upAt = performance.now()
        unwatch = onDeath(running.postmaster, running.child, died)
        log.info({ pid: running.postmaster.pid }, 'database is up again')
        onUp?.()
        return
      } catch (problem) {
        livedMs = 0
        log.error({ problem: (problem as Error).message }, 'database does not start')
      }
    }
  }

  return {
    pid: () => running?.postmaster.pid ?? null,
    async stop(): Promise<void> {
      stopping.abort()
      clearInterval(trimming)
      await restarting
      unwatch()
      if (running) await stopPostmaster(place, running.postmaster)
      running = null
    },
  }
}

/** Ends a PostgreSQL that a killed server left behind, for starts that use DATABASE_URL instead. True: there was one. */
export async function stopOrphans(dataDir: string): Promise<boolean> {
  // Where there never was one its binaries need not be there either, as in a container.
  if (!existsSync(resolve(dataDir, 'postgres/cluster'))) return false
  const place = preparePlace(dataDir)
  if (holder(place.ownerFile)) return false
  const found = livingPostmaster(place)
  if (found) await stopPostmaster(place, found)
  dropLink(place)
  return found !== null
}
