import { pictureWidths } from '@efir/contract/pictures.ts'
import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../kernel/context.ts'

const names = new Set(pictureWidths.map((w) => `${w}.webp`))

/** Pictures never change: a new one has a new id. */
export function servePictures(app: FastifyInstance, kernel: Kernel): void {
  app.get<{ Params: { id: string; file: string } }>('/pictures/:id/:file', async (request, reply) => {
    const { id, file } = request.params
    if (!names.has(file) || !/^pic_[0-9a-z]{26}$/.test(id)) return reply.callNotFound()
    const found = await kernel.storage.stream(`pictures/${id}/${file}`)
    if (!found) return reply.callNotFound()
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('content-length', found.size)
      .header('content-security-policy', "default-src 'none'")
      .type('image/webp')
      .send(found.body)
  })
}
