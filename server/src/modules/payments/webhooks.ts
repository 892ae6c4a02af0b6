import type { FastifyInstance } from 'fastify'
import { type Kernel, openCtx, systemActor } from '../../kernel/context.ts'
import type { Cashier } from './verbs/cashier.ts'
import { receiveCallback } from './verbs/inbox.ts'

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
        const answer = await receiveCallback(ctx, cashier.providers, {
          provider: request.params.provider.slice(0, 40),
          body,
          headers: request.headers,
        })
        if (!answer.ok)
          request.log.warn({ provider: request.params.provider.slice(0, 40), why: answer.why }, 'a payment callback was refused')
        return await reply.status(answer.ok ? 200 : 400).send({ received: answer.ok })
      })
    })
  }
