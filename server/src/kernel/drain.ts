import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as PlainServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface Drain {
  /** Requests that were begun and not answered whole. */
  underWay(): number
  /**
   * Takes no new connection; those that are there are served to their end and told to close. Resolves when the last has gone, or when
   * nothing is under way any more and `keptMs` are over.
   */
  leave(keptMs: number): Promise<void>
}

const lookEveryMs = 25
const longestAnswerMs = 20_000

/**
 * Closing an idle connection races with the request that a proxy just sends on it, and a proxy must not repeat a POST. So idle ones stay
 * open for a while and only say `Connection: close` with their next answer (RFC 9112, section 9.6): the other side closes first.
 */
export function openDrain(server: Server): Drain {
  const open = new Set<ServerResponse>()
  let leaving = false
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    if (leaving) last(response)
    open.add(response)
    response.once('close', () => open.delete(response))
  })

  const last = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }

  const connections = (): Promise<number> =>
    new Promise((resolve, reject) => server.getConnections((problem, count) => (problem ? reject(problem) : resolve(count))))

  return {
    underWay: () => open.size,
    async leave(keptMs) {
      leaving = true
      for (const response of open) last(response)
      // Right after the phase that takes waiting connections in: who waits at a port that closes is cut off.
      await new Promise((resolve) => setImmediate(resolve))
      // `close` of an HTTP server would end idle connections at once.
      if (server.listening) PlainServer.prototype.close.call(server)
      for (let waitedMs = 0; waitedMs < keptMs + longestAnswerMs; waitedMs += lookEveryMs) {
        if ((await connections()) === 0 || (waitedMs >= keptMs && open.size === 0)) return
        await pause(lookEveryMs)
      }
    },
  }
}
