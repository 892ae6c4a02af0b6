import type { FastifyRequest } from 'fastify'
import type { Actor, Kernel } from '../../kernel/context.ts'
import { verifyToken } from '../../kernel/token.ts'

export const tokenCookie = 'efir_token'

/** Bearer token of an API client, else the cookie. Verified locally: no database on hot acts. */
export function authenticator(kernel: Pick<Kernel, 'secret' | 'clock'>): (request: FastifyRequest) => Actor {
  return (request) => {
    const bearer = request.headers.authorization
    const token = bearer?.startsWith('Bearer ') ? bearer.slice(7) : request.cookies[tokenCookie]
    return token ? actorOf(kernel, token) : { kind: 'nobody' }
  }
}

export function actorOf(kernel: Pick<Kernel, 'secret' | 'clock'>, token: string): Actor {
  const body = verifyToken(kernel.secret, token, kernel.clock.now())
  if (!body) return { kind: 'nobody' }
  return { kind: body.k, personId: body.p, name: body.n, operator: body.o === 1, demo: body.d === 1 }
}
