import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../peers')

/** A process of a bench that answers each order with one message. */
export interface Helper extends Disposable {
  ask<T>(order: object): Promise<T>
  readonly ready: Promise<{ port: number }>
}

/** Processes that are alike in everything but what they run. */
export function openHelper(file: string, options: { readonly greets: boolean }): Helper {
  const child = fork(join(folder, file), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
  })
  return {
    ready: options.greets ? nextAnswer<{ port: number }>(child) : Promise.resolve({ port: 0 }),
    ask(order) {
      const answer = nextAnswer(child)
      child.send(order)
      return answer as never
    },
    [Symbol.dispose]: () => void (child.connected && child.disconnect()),
  }
}

export function nextAnswer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (answer) => {
      child.off('exit', onExit)
      resolve(answer as T)
    })
  })
}

/** Until the server has so many in its room. */
export async function untilJoined(server: Helper, count: number): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if ((await server.ask<{ joined: number }>({ do: 'joined' })).joined === count) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`not ${count} viewers in the room after 12 s`)
}

/** Viewers that a process may have: each takes an open file. */
export function mostViewers(wanted: number, say: (line: string) => void): number {
  let files = 10_240
  try {
    files = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? files)
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem
  }
  const most = Math.min(wanted, files - 500)
  if (most < wanted)
    say(`Only ${files} open files are allowed: ${most} viewers instead of ${wanted}. Raise it with: ulimit -n 20000`)
  return most
}
