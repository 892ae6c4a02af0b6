import { type ChildProcess, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const linux = process.platform === 'linux'

/**
 * Names one process for ever (a pid alone is reused): boot, pid and start time. undefined: gone; a zombie counts as gone.
 */
export function processIdentity(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  if (!linux) return identityByPs(pid)
  const stat = readOrNothing(`/proc/${pid}/stat`)
  if (!stat) return undefined
  // The second field is the name in brackets and may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${bootId()}:${pid}:${fields[19]}`
}

export const isAlive = (pid: number, identity?: string): boolean => {
  const found = processIdentity(pid)
  return found !== undefined && (identity === undefined || found === identity)
}

/** Pids of living processes whose working directory is `folder`; Linux only, elsewhere empty. */
export function processesIn(folder: string): number[] {
  if (!linux) return []
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    return pid > 0 && workingDirectory(pid) === folder && isAlive(pid) ? [pid] : []
  })
}

export function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch (problem) {
    return absent(problem)
  }
}

/** The command line as one text; undefined when the process is gone. */
export function commandLine(pid: number): string | undefined {
  if (linux) return readOrNothing(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() || undefined
  return ps(pid, 'command=')
}

/** Sends the signal to the process, or to its whole group with a negative pid. False: nobody was there. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw problem
  }
}

/** True once the process is gone, false when it still lives after withinMs. */
export async function gone(pid: number, identity: string | undefined, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; isAlive(pid, identity); waitedMs += 10) {
    if (waitedMs >= withinMs) return false
    await pause(10)
  }
  return true
}

export interface Living {
  readonly pid: number
  readonly identity: string
}

/** Calls back once when the process is gone. The returned function stops watching. */
export function onDeath({ pid, identity }: Living, child: ChildProcess | null, call: () => void): () => void {
  const unwatch = () => {
    clearInterval(timer)
    child?.off('exit', end)
  }
  const end = () => {
    unwatch()
    call()
  }
  // An adopted process is not our child: nobody tells us when it ends.
  const timer = setInterval(() => {
    if (!isAlive(pid, identity)) end()
  }, 250)
  timer.unref()
  child?.once('exit', end)
  return unwatch
}

let boot: string | undefined
function bootId(): string {
  boot ??= readOrNothing('/proc/sys/kernel/random/boot_id')?.trim() ?? 'boot'
  return boot
}

function identityByPs(pid: number): string | undefined {
  const line = ps(pid, 'stat=,lstart=')
  return line === undefined || line.startsWith('Z') ? undefined : `${pid}:${line.replace(/^\S+\s+/, '')}`
}

function ps(pid: number, columns: string): string | undefined {
  try {
    return (
      execFileSync('ps', ['-o', columns, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() ||
      undefined
    )
  } catch (problem) {
    if ((problem as { status?: number }).status === 1) return undefined
    throw problem
  }
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (problem) {
    return absent(problem)
  }
}

/** Processes end while we look at them, and some belong to others: both mean "not one of ours". */
function absent(problem: unknown): undefined {
  const code = (problem as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'EPERM') return undefined
  throw problem
}
