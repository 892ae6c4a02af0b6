import type { FastifyInstance } from 'fastify'
import type { Kernel } from '../../kernel/context.ts'
import { sql } from '../../kernel/sql.ts'
import { joinPlaylists, recordingPrefix } from './rules.ts'
import { replayOf } from './views.ts'

const types: Record<string, string> = {
  m3u8: 'application/vnd.apple.mpegurl',
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
  vtt: 'text/vtt',
}

const idText = /^[a-z]+_[0-9a-z]{26}$/

/** Replays: a playlist and its segments from the storage; finished recordings never change. */
export function serveReplays(app: FastifyInstance, kernel: Kernel): void {
  app.get<{ Params: { streamId: string } }>('/media/replay/:streamId/whole/vod.m3u8', async (request, reply) => {
    const { streamId } = request.params
    const replay = idText.test(streamId) ? await replayOf(kernel.db, streamId) : null
    const texts = await Promise.all(
      (replay?.parts ?? []).map(async ({ sessionId }) => {
        const bytes = await kernel.storage.get(`${recordingPrefix(streamId, sessionId)}/vod.m3u8`)
        return bytes === null ? [] : [{ folder: `../${sessionId}/`, text: Buffer.from(bytes).toString() }]
      }),
    )
    const whole = joinPlaylists(texts.flat())
    if (whole === null) return reply.callNotFound()
    return reply
      .header('cache-control', 'public, max-age=60')
      .header('access-control-allow-origin', '*')
      .type(types['m3u8'] as string)
      .send(whole)
  })
  app.get<{ Params: { streamId: string; sessionId: string; file: string } }>(
    '/media/replay/:streamId/:sessionId/:file',
    async (request, reply) => {
      const { streamId, sessionId, file } = request.params
      const type = types[file.split('.').at(-1) ?? '']
      const good = type && /^[A-Za-z0-9_-]+\.[a-z0-9]+$/.test(file) && idText.test(streamId) && idText.test(sessionId)
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
