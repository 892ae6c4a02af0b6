import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiDocument } from '@efir/contract/openapi/document.ts'
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../kernel/context.ts'

const versionOf = () =>
  (JSON.parse(readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8')) as { version: string }).version

/** GET /openapi.json: the same bytes until the next release, for everybody and from everywhere. */
export function serveOpenApi(app: FastifyInstance, kernel: Kernel): void {
  let made: { text: string; etag: string } | null = null
  app.get('/openapi.json', async (request, reply) => {
    made ??= describe(kernel.config.EFIR_ORIGIN ?? '')
    reply.headers({ etag: made.etag, 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' })
    if (request.headers['if-none-match'] === made.etag) return await reply.status(304).send()
    return await reply.type('application/json; charset=utf-8').send(made.text)
  })
}

/** Without a public address the paths are relative to where the description was fetched, as OpenAPI says. */
function describe(origin: string) {
  const text = JSON.stringify(openApiDocument({ origin, version: versionOf() }))
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
}
