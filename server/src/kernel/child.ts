import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { openBackoff } from './backoff.ts'
import type { Log } from './log.ts'
import { sizeOf, tailOf, trimLog } from './log-file.ts'
import { claim, leave, noteRunning, release } from './owner.ts'
import { gone, isAlive, type Living, onDeath, processIdentity, signal } from './processes.ts'

export interface ChildOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  /** The child writes here itself: a pipe to us would break when we are killed. Kept bounded. */
  readonly logFile: string
  /** Remembers the child for the server that starts after this one was killed. */
  readonly stateFile: string
  /** Version and settings: a left-over child is adopted only with the same fingerprint. */
  readonly fingerprint: string
  /** Asks the child whether it does its work; used to wait for its start, for adoption and every few seconds. */
  readonly healthy: () => Promise<boolean>
  readonly onDown?: () => void
  readonly onUp?: () => void
  readonly limits?: Partial<ChildLimits>
}

export interface ChildLimits {
  readonly readyWithinMs: number
  readonly healthEveryMs: number
  /** This many failed health questions in a row and the child is ended and started again. */
  readonly failuresAllowed: number
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  readonly stopWithinMs: number
}

const usual: ChildLimits = {
  readyWithinMs: 20_000,
  healthEveryMs: 2000,
  failuresAllowed: 5,
  firstPauseMs: 100,
  longestPauseMs: 5000,
  stopWithinMs: 10_000,
}

export interface SupervisedChild extends AsyncDisposable {
  /** null while it is down. */
  pid(): number | null
  readonly adopted: boolean
  /** Ends the child and the supervision. */
  stop(): Promise<void>
  /** Ends the supervision alone: the next server adopts the child. */
  leave(): Promise<void>
}

interface Started extends Living {
  readonly child: ChildProcess | null
}

/**
 * Runs a process that must outlive a crash of ours: it has its own group, so neither Ctrl-C nor our death reaches it, and
 * the next server adopts it when it is healthy and of the same fingerprint. When it dies it is started again.
 */
export async function superviseChild(options: ChildOptions): Promise<SupervisedChild> {
  const limits = { ...usual, ...options.limits }
  const claimed = claim(options.stateFile)
  if (claimed.held) throw new Error(`${options.name} is already run by another server (process ${claimed.held.pid})`)
  try {
    const adopted = await adopt(options, limits, claimed.previous?.running)
    const first = adopted ?? (await startPatiently(options, limits))
    return supervise(options, limits, first)
  } catch (problem) {
    release(options.stateFile)
    throw problem
  }
}

async function adopt(options: ChildOptions, limits: ChildLimits, left: string | undefined): Promise<Started | null> {
  if (left === undefined) return null
  const { pid, identity, fingerprint } = JSON.parse(left) as Living & { fingerprint: string }
  if (!isAlive(pid, identity)) return null
  if (fingerprint === options.fingerprint && (await isHealthy(options))) {
    remember(options, { pid, identity })
    options.log.info({ child: options.name, pid }, 'child adopted: an earlier server left it running')
    return { pid, identity, child: null }
  }
  options.log.warn({ child: options.name, pid }, 'child left by an earlier server is stopped')
  await end({ pid, identity }, limits.stopWithinMs)
  return null
}

const remember = (options: ChildOptions, { pid, identity }: Living): void =>
  noteRunning(options.stateFile, JSON.stringify({ pid, identity, fingerprint: options.fingerprint }))

/** Each question has an end: a child that accepts and never answers is not healthy. */
async function isHealthy(options: ChildOptions): Promise<boolean> {
  const answer = options.healthy().catch(() => false)
  return await Promise.race([answer, pause(3000, false, { ref: false })])
}

/** At the first start three failures end the server: then something is wrong that a fourth would not mend. */
async function startPatiently(options: ChildOptions, limits: ChildLimits): Promise<Started> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options, limits)
    } catch (problem) {
      if (attempt === 3) throw problem
      options.log.warn({ child: options.name, problem: (problem as Error).message }, 'child does not start')
      await pause(limits.firstPauseMs * attempt)
    }
  }
}

async function start(options: ChildOptions, limits: ChildLimits, stopping?: AbortSignal): Promise<Started> {
  trimLog(options.logFile)
  const logFrom = sizeOf(options.logFile)
  const output = openSync(options.logFile, 'a', 0o600)
  const child = spawn(options.command, options.args, { env: options.env, detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  child.unref()
  let why = ''
  child.once('error', (problem) => {
    why = problem.message
  })
  child.once('exit', (code, name) => {
    why ||= name ? `ended by ${name}` : `exit code ${code}`
  })
  const identity = child.pid === undefined ? undefined : processIdentity(child.pid)
  const living = child.pid !== undefined && identity !== undefined ? { pid: child.pid, identity } : null
  if (living) remember(options, living)
  const beganAt = performance.now()
  while (why === '' && !stopping?.aborted && performance.now() - beganAt < limits.readyWithinMs) {
    if (living && (await isHealthy(options)) && why === '') return { ...living, child }
    await pause(30)
  }
  if (living) await end(living, limits.stopWithinMs)
  throw new Error(
    `${options.name} did not start (${why || `not ready within ${limits.readyWithinMs} ms`}):\n${tailOf(options.logFile, logFrom) || `see ${options.logFile}`}`,
  )
}

/** Ends the whole group: what the child itself started must not stay. */
async function end({ pid, identity }: Living, withinMs: number): Promise<void> {
  if (!isAlive(pid, identity)) return
  signal(-pid, 'SIGTERM')
  if (await gone(pid, identity, withinMs)) return
  signal(-pid, 'SIGKILL')
  if (!(await gone(pid, identity, 5000))) throw new Error(`process ${pid} does not end`)
}

function supervise(options: ChildOptions, limits: ChildLimits, first: Started): SupervisedChild {
  const { name, log } = options
  const stopping = new AbortController()
  let running: Started | null = first
  let restarting: Promise<void> | null = null
  const backoff = openBackoff(limits.firstPauseMs, limits.longestPauseMs)
  let upAt = performance.now()
  let unwatch = watch(first)

  function watch(started: Started): () => void {
    const undeath = onDeath(started, started.child, died)
    const unhealth = watchHealth(options, limits, () => {
      log.error({ child: name, pid: started.pid }, 'child does not answer and is ended')
      signal(-started.pid, 'SIGKILL')
    })
    return () => {
      undeath()
      unhealth()
    }
  }

  function died(): void {
    unwatch()
    log.error({ child: name, pid: running?.pid }, 'child ended by itself')
    running = null
    options.onDown?.()
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
        running = await start(options, limits, stopping.signal)
        upAt = performance.now()
        unwatch = watch(running)
        log.info({ child: name, pid: running.pid }, 'child is up again')
        options.onUp?.()
        return
      } catch (problem) {
        livedMs = 0
        log.error({ child: name, problem: (problem as Error).message }, 'child does not start')
      }
    }
  }

  async function finish(alsoEnd: boolean): Promise<void> {
    stopping.abort()
    await restarting
    unwatch()
    if (!alsoEnd) return leave(options.stateFile)
    if (running) await end(running, limits.stopWithinMs)
    running = null
    release(options.stateFile)
  }

  return {
    pid: () => running?.pid ?? null,
    adopted: first.child === null,
    stop: () => finish(true),
    leave: () => finish(false),
    [Symbol.asyncDispose]: () => finish(true),
  }
}

/** Calls back once when the child failed to answer too often in a row. */
function watchHealth(options: ChildOptions, limits: ChildLimits, call: () => void): () => void {
  let failures = 0
  let over = false
  const ask = async (): Promise<void> => {
    const healthy = await isHealthy(options)
    if (over) return
    trimLog(options.logFile)
    failures = healthy ? 0 : failures + 1
    if (failures < limits.failuresAllowed) {
      timer = setTimeout(ask, limits.healthEveryMs).unref()
      return
    }
    over = true
    call()
  }
  let timer = setTimeout(ask, limits.healthEveryMs).unref()
  return () => {
    over = true
    clearTimeout(timer)
  }
}
