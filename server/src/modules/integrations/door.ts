import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor, Ctx, Kernel } from '../../kernel/context.ts'
import type { KeyDoor } from '../../kernel/http.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { at, sql } from '../../kernel/sql.ts'
import { openPace } from './pace.ts'
import { keyPace, noteEveryMs, readKey } from './rules.ts'

interface Found {
  id: string
  shop_id: string | null
  secret_hash: Buffer
  scopes: string[]
  expires_at: number
  used_at: number | null
  revoked_at: number | null
  person_id: string
  person: string
  operator: boolean
  demo: boolean
}

/** Requests that a key opened, and the key: for the journal of its use. */
const opened = new WeakMap<FastifyRequest, string>()

export function openKeyDoor(): KeyDoor {
  const pace = openPace(keyPace)
  return async (ctx, text, request, reply) => {
    const asked = readKey(text)
    const key = asked && (await keyOf(ctx, asked.id))
    const now = ctx.now()
    if (!key || !timingSafeEqual(key.secret_hash, asked.hash) || key.revoked_at !== null || key.expires_at <= now)
      throw new Refusal('not_signed_in')
    opened.set(request, key.id)
    limit(pace(key.id, now), reply)
    if (key.used_at === null || now - key.used_at >= noteEveryMs)
      await ctx.run(sql`update integrations.api_key set used_at = ${at(now)} where id = ${key.id}`)
    return actorOf(key)
  }
}

const keyOf = (ctx: Ctx, id: string) =>
  ctx.maybe<Found>(
    sql`select k.id, k.shop_id, k.secret_hash, k.scopes, k.expires_at, k.used_at, k.revoked_at, p.id as person_id, p.name as person, p.operator, p.demo
        from integrations.api_key k join identity.person p on p.id = k.person_id where k.id = ${id} and p.closed_at is null`,
  )

/** draft-ietf-httpapi-ratelimit-headers-10; the refusal brings Retry-After. */
function limit(left: ReturnType<ReturnType<typeof openPace>>, reply: FastifyReply): void {
  reply.header('ratelimit-policy', `"key";q=${keyPace.calls};w=${keyPace.windowMs / 1000}`)
  reply.header('ratelimit', `"key";r=${left.left};t=${Math.ceil(left.inMs / 1000)}`)
  if (!left.ok) throw new Refusal('too_many_requests', { retryInMs: left.inMs })
}

/** The maker as they are now; the rights of an operator only come with a key of the platform. */
function actorOf(key: Found): Actor {
  return {
    kind: 'account',
    personId: key.person_id,
    name: key.person,
    operator: key.operator && key.shop_id === null,
    demo: key.demo,
    key: { id: key.id, shopId: key.shop_id, scopes: key.scopes },
  }
}

/** Each call with a key leaves a line, also when it was refused. */
export function keepKeyJournal(app: FastifyInstance, kernel: Kernel): void {
  app.addHook('onError', async (request, _reply, problem: Error) => {
    if (problem instanceof Refusal && opened.has(request)) refused.set(request, problem.code)
  })
  app.addHook('onResponse', async (request, reply) => {
    const keyId = opened.get(request)
    if (!keyId) return
    const { act = '' } = request.routeOptions.config as { act?: string }
    const refusal = refused.get(request) ?? null
    await kernel.db.run(
      sql`insert into integrations.key_call (key_id, at, act, status, refusal, remote, request_id)
          values (${keyId}, ${at(kernel.clock.now())}, ${act}, ${reply.statusCode}, ${refusal}, ${request.ip}, ${request.id})`,
    )
  })
}

const refused = new WeakMap<FastifyRequest, string>()
