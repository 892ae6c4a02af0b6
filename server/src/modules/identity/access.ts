import type { FastifyRequest } from 'fastify'
import type { Actor, Kernel } from '../../kernel/context.ts'
import { at, sql } from '../../kernel/sql.ts'
import { verifyToken } from '../../kernel/token.ts'
import { sessionsEnded } from './events.ts'
import { tokenMs } from './rules.ts'

export const tokenCookie = 'efir_token'

/** Sessions that ended while a token of theirs may still be good. */
export interface EndedSessions extends Disposable {
  has(sessionId: string): boolean
}
const nobodyEnded: Pick<EndedSessions, 'has'> = { has: () => false }

/** Bearer token of an API client, else the cookie. Verified locally: no database on hot acts. */
export function authenticator(
  kernel: Pick<Kernel, 'secret' | 'clock'>,
  ended: Pick<EndedSessions, 'has'> = nobodyEnded,
): (request: FastifyRequest) => Actor {
  return (request) => {
    const bearer = request.headers.authorization
    const token = bearer?.startsWith('Bearer ') ? bearer.slice(7) : request.cookies[tokenCookie]
    return token ? actorOf(kernel, token, ended) : { kind: 'nobody' }
  }
}

export function actorOf(
  kernel: Pick<Kernel, 'secret' | 'clock'>,
  token: string,
  ended: Pick<EndedSessions, 'has'> = nobodyEnded,
): Actor {
  const body = verifyToken(kernel.secret, token, kernel.clock.now())
  if (!body || ended.has(body.s)) return { kind: 'nobody' }
  return { kind: body.k, personId: body.p, name: body.n, operator: body.o === 1, demo: body.d === 1 }
}

/** Each process hears of the ends from the log, and reads those of the last minutes when it opens. */
export async function openEndedSessions(kernel: Kernel): Promise<EndedSessions> {
  const ended = new Map<string, number>()
  const note = (sessionId: string) => {
    const now = kernel.clock.now()
    // Insertion order is order of time.
    for (const [id, endedAt] of ended) {
      if (now - endedAt < tokenMs) break
      ended.delete(id)
    }
    ended.set(sessionId, now)
  }
  const unfollow = kernel.events.follow((event) => {
    if (event.type === sessionsEnded.type) for (const id of (event.body as { sessionIds: string[] }).sessionIds) note(id)
  })
  const since = at(kernel.clock.now() - tokenMs)
  const recent = await kernel.db.rows<{ id: string }>(sql`select id from identity.session where ended_at > ${since}`)
  for (const { id } of recent) note(id)
  return { has: (sessionId) => ended.has(sessionId), [Symbol.dispose]: unfollow }
}
