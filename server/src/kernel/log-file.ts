import { closeSync, copyFileSync, openSync, readSync, rmSync, statSync, truncateSync } from 'node:fs'

const logLimitBytes = 8 * 1024 * 1024

/** A child appends to the file it was given; copy and truncate keeps it bounded, also for an adopted one. */
export function trimLog(file: string): void {
  if (sizeOf(file) <= logLimitBytes) return
  const old = `${file}.1`
  try {
    copyFileSync(file, old)
  } catch {
    // A full disk keeps no old log; it gets the room of both back. Whoever calls this on a timer must not end for it.
    rmSync(old, { force: true, recursive: true })
  }
  truncateSync(file)
}

export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/** The last bytes written after `from`. */
export function tailOf(file: string, from: number, limitBytes = 4000): string {
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
