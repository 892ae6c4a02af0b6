import type { Who } from '@efir/contract/act.ts'
import type { FastifyRequest } from 'fastify'
import type { Place } from '../../kernel/bind.ts'
import type { Actor, Ctx, Kernel } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
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

/** Roles given for the shop and the show; who runs the show's shop also runs the show. */
export async function rolesIn(ctx: Pick<Ctx, 'rows'>, personId: string, place: Place): Promise<ReadonlySet<Who>> {
  const rows = await ctx.rows<{ place_kind: 'shop' | 'show'; role: string }>(
    sql`select place_kind, role from identity.role where person_id = ${personId}
        and ((place_kind = 'shop' and place_id = ${place.shopId ?? ''}) or (place_kind = 'show' and place_id = ${place.showId ?? ''}))`,
  )
  return new Set(rows.map((r) => `${r.place_kind}:${r.role}` as Who))
}
