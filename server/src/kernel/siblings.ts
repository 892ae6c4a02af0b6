import { join } from 'node:path'
import { superviseChild } from './child.ts'
import type { Log } from './log.ts'

export interface SiblingOptions {
  /** Processes in all, this one among them. */
  readonly count: number
  readonly main: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly dataDir: string
  readonly log: Log
}

/**
 * Further processes of the same server behind the same port: each listens on it (SO_REUSEPORT), and the kernel spreads new connections
 * over those that live. One that dies is started again; all end with this one.
 */
export async function openSiblings(options: SiblingOptions): Promise<AsyncDisposable> {
  const { dataDir, log, main, args } = options
  const stack = new AsyncDisposableStack()
  try {
    for (let n = 2; n <= options.count; n++) {
      const env = { ...options.env }
      stack.use(
        await superviseChild({
          name: `process ${n}`,
          command: process.execPath,
          args: [main, ...args],
          env,
          log,
          logFile: join(dataDir, `process-${n}.log`),
          stateFile: join(dataDir, `process-${n}.json`),
          // Never adopted: a sibling belongs to the database and the port of this start.
          fingerprint: `${process.pid} ${performance.timeOrigin}`,
          healthy: async () => true,
        }),
      )
    }
  } catch (problem) {
    await stack.disposeAsync()
    throw problem
  }
  return stack
}
