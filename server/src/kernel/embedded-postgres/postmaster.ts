import { closeSync, constants, ftruncateSync, openSync, readFileSync, realpathSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine, gone, isAlive, type Living, processesIn, processIdentity, signal, workingDirectory } from '../processes.ts'
import { type Place, socketPort } from './place.ts'

export type Postmaster = Living

const pidFile = (place: Place) => join(place.cluster, 'postmaster.pid')

function pidLines(place: Place): string[] {
  try {
    return readFileSync(pidFile(place), 'utf8').split('\n')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw problem
  }
}

/** The living PostgreSQL of this very cluster. The pid file alone proves nothing: pids are reused and zombies linger. */
export function livingPostmaster(place: Place): Postmaster | null {
  const pid = Number(pidLines(place)[0])
  const identity = processIdentity(pid)
  if (identity === undefined || !servesCluster(pid, place)) return null
  return { pid, identity }
}

function servesCluster(pid: number, place: Place): boolean {
  const command = commandLine(pid) ?? ''
  if (process.platform !== 'linux') return command.includes('postgres') && command.includes(place.cluster)
  return /(^|\/)postgres\b/.test(command) && workingDirectory(pid) === place.cluster
}

/** PostgreSQL writes its state as the eighth line. */
export const saysReady = (place: Place, pid: number): boolean => {
  const lines = pidLines(place)
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

/**
 * Leaves nothing that would keep a new PostgreSQL from starting after the old one died. The pid file is not deleted: its
 * line 7 lets the new one see that backends of the old still hold shared memory, the last guard against two writers. Only
 * the pid is replaced by ours, the parent's, which PostgreSQL knows to be no rival.
 */
export async function clearAfterDeath(place: Place): Promise<void> {
  for (const pid of processesIn(place.cluster)) {
    const identity = processIdentity(pid)
    if (await gone(pid, identity, 2000)) continue
    signal(pid, 'SIGKILL')
    await gone(pid, identity, 5000)
  }
  rmSync(join(place.home, `.s.PGSQL.${socketPort}`), { force: true })
  rmSync(join(place.home, `.s.PGSQL.${socketPort}.lock`), { force: true })
  const lines = pidLines(place)
  if (lines.length === 0) return
  if (!/^\d+$/.test(lines[0] ?? '')) rmSync(pidFile(place), { force: true })
  else rewrite(place, [String(process.pid), ...lines.slice(1)].join('\n'))
}

/** The folder belongs to another account: a link planted there must not lead us, who may be root, elsewhere. */
function rewrite(place: Place, text: string): void {
  if (realpathSync(place.cluster) !== place.cluster) throw new Error(`${place.cluster} must be a folder, not a link`)
  const file = openSync(pidFile(place), constants.O_WRONLY | constants.O_NOFOLLOW)
  try {
    ftruncateSync(file)
    writeSync(file, text)
  } finally {
    closeSync(file)
  }
}

/** SIGINT: "fast" (sessions are ended, everything is written). SIGQUIT: "immediate" (recovers at the next start). */
export async function stopPostmaster(place: Place, running: Postmaster, patienceMs = 30_000): Promise<void> {
  const { pid, identity } = running
  const steps: readonly (readonly [NodeJS.Signals, number])[] = [
    ['SIGINT', patienceMs],
    ['SIGQUIT', 8000],
    ['SIGKILL', 5000],
  ]
  for (const [name, withinMs] of steps) {
    if (!isAlive(pid, identity)) break
    signal(pid, name)
    if (await gone(pid, identity, withinMs)) break
  }
  if (isAlive(pid, identity)) throw new Error(`PostgreSQL (process ${pid}) does not end`)
  await clearAfterDeath(place)
}
