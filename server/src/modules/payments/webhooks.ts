import type { FastifyInstance } from 'fastify'
import { type Ctx, type Kernel, openCtx, systemActor } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import type { Cashier } from './verbs/cashier.ts'
import { receiveCallback } from './verbs/inbox.ts'

/** `test`, or the id of an account: its address names no provider, and one account's callbacks never speak for another's. */
async function providerAt(ctx: Ctx, name: string): Promise<string | null> {
  if (name === 'test') return ctx.config.production ? null : name
  const row = await ctx.maybe<{ provider: string }>(sql`select provider from payments.account where id = ${name.slice(0, 40)}`)
  return row && `${row.provider}:${name}`
}

/**
 * Where providers call: POST /api/payments/callbacks/:provider. Outside the acts because a signature covers the bytes of the body as sent.
 * Answers 200 only when the callback is kept; a provider tries again otherwise.
 */
export const serveCallbacks =
  (cashier: Cashier) =>
  async (app: FastifyInstance, kernel: Kernel): Promise<void> => {
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 262_144 }, (_request, body, done) => done(null, body))
      scope.post<{ Params: { provider: string } }>('/api/payments/callbacks/:provider', async (request, reply) => {
        const ctx = openCtx(kernel, { actor: systemActor, requestId: request.id, remote: request.ip })
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const provider = await providerAt(ctx, request.params.provider)
        const answer = provider
          ? await receiveCallback(ctx, cashier.providers, { provider, body, headers: request.headers })
          : ({ ok: false, why: 'no such provider' } as const)
        if (!answer.ok)
          request.log.warn({ provider: request.params.provider.slice(0, 40), why: answer.why }, 'a payment callback was refused')
        return await reply.status(answer.ok ? 200 : 400).send({ received: answer.ok })
      })
    })
  }
