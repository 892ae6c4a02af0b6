import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'

/** As the provider asks for it, and nothing more; the pages around it stay closed. */
const policy = [
  "default-src 'none'",
  "script-src 'self' https://js.stripe.com https://*.js.stripe.com",
  "style-src 'self'",
  "img-src 'self' data: https://*.stripe.com",
  "font-src 'self' https://js.stripe.com",
  "connect-src 'self' https://api.stripe.com",
  'frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com',
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join('; ')

/**
 * GET /pay/:account: the one page on which a provider's script runs, framed by the sheet; it is there only for an active account of a
 * provider that has such a form.
 */
export const servePayPage =
  (dist: string | undefined) =>
  async (app: FastifyInstance, kernel: Kernel): Promise<void> => {
    app.get<{ Params: { account: string } }>('/pay/:account', async (request, reply) => {
      const row = await kernel.db.maybe<{ public_key: string }>(
        sql`select public_key from payments.account where id = ${request.params.account.slice(0, 40)} and active and provider = 'stripe'`,
      )
      const html = row && dist ? await readFile(join(dist, 'pay.html'), 'utf8').catch(() => null) : null
      if (!row || html === null) return await reply.status(404).type('text/plain').send('Not here')
      return await reply
        .header('content-security-policy', policy)
        .header('x-frame-options', 'SAMEORIGIN')
        .header('permissions-policy', 'payment=(self "https://js.stripe.com")')
        .header('cache-control', 'no-store')
        .header('x-robots-tag', 'noindex')
        .type('text/html; charset=utf-8')
        .send(html.replace('name="pay-key" content=""', `name="pay-key" content="${row.public_key}"`))
    })
  }
