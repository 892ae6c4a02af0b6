import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import { recordingPrefix } from './rules.ts'

const types: Record<string, string> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
  vtt: 'text/vtt',
}

/** Replays: a playlist and its segments from the storage; finished recordings never change. */
export function serveReplays(app: FastifyInstance, kernel: Kernel): void {
  app.get<{ Params: { streamId: string; sessionId: string; file: string } }>(
    '/media/replay/:streamId/:sessionId/:file',
    async (request, reply) => {
      const { streamId, sessionId, file } = request.params
      const type = types[file.split('.').at(-1) ?? '']
      const good =
        type &&
        /^[A-Za-z0-9_-]+\.[a-z0-9]+$/.test(file) &&
        /^[a-z]+_[0-9a-z]{26}$/.test(streamId) &&
        /^[a-z]+_[0-9a-z]{26}$/.test(sessionId)
      if (!good) return reply.callNotFound()
      if (file.endsWith('.m3u8')) {
        const ready = await kernel.db.maybe(
          sql`select 1 from media.recording where session_id = ${sessionId} and stream_id = ${streamId} and state = 'ready'`,
        )
        if (!ready) return reply.callNotFound()
      }
      const found = await kernel.storage.stream(`${recordingPrefix(streamId, sessionId)}/${file}`)
      if (!found) return reply.callNotFound()
      return reply
        .header('cache-control', file.endsWith('.m3u8') ? 'public, max-age=60' : 'public, max-age=31536000, immutable')
        .header('access-control-allow-origin', '*')
        .header('content-length', found.size)
        .type(type)
        .send(found.body)
    },
  )
}
