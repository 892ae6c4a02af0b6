import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { isAlive, processIdentity } from './processes.ts'

/** The one server process that may start and stop what runs on a data folder, kept in a small file. */
export interface Owner {
  readonly pid: number
  readonly identity: string
  /** What the owner wants its successor to know about the process it started, should it be killed. */
  readonly running?: string
}

/** `held`: another living process owns it. `previous`: what a dead owner left behind. */
export type Claim = { readonly held: Owner } | { readonly held: null; readonly previous: Owner | null }

export function claim(file: string): Claim {
  let previous: Owner | null = null
  for (let attempt = 0; attempt < 5; attempt++) {
    if (createOnly(file, me())) return { held: null, previous }
    const found = readOwner(file)
    if (found && isAlive(found.pid, found.identity)) return { held: found }
    previous = found ?? previous
    rmSync(file, { force: true })
  }
  throw new Error(`${file} keeps coming back: several servers start on this data folder at once`)
}

export const holder = (file: string): Owner | null => {
  const found = readOwner(file)
  return found && isAlive(found.pid, found.identity) ? found : null
}

export function noteRunning(file: string, running: string): void {
  const draft = `${file}.new`
  writeFileSync(draft, JSON.stringify({ ...me(), running }))
  renameSync(draft, file)
}

/** We go and what we started stays: the next claim gets it as `previous`, even from this same process. */
export function leave(file: string): void {
  const running = readOwner(file)?.running
  writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'left', ...(running === undefined ? {} : { running }) }))
}

export function release(file: string): void {
  if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true })
}

const me = (): Owner => ({ pid: process.pid, identity: processIdentity(process.pid) ?? '' })

function createOnly(file: string, owner: Owner): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600)
    writeSync(handle, JSON.stringify(owner))
    closeSync(handle)
    return true
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw problem
  }
}

/** null: no file, or one that was cut short by a power loss. */
function readOwner(file: string): Owner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner
  } catch (problem) {
    if (problem instanceof SyntaxError || (problem as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw problem
  }
}
