import { createShow } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { at, sql } from '../../kernel/sql.ts'
import { joinPlaylists } from './rules.ts'
import { positionInReplay, replayOf } from './views.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const playlist = (file: string) =>
  `#EXTM3U\n#EXT-X-VERSION:8\n#EXT-X-TARGETDURATION:2\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="init-${file}.mp4"\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\n#EXTINF:2.000,\n${file}.m4s\n#EXT-X-ENDLIST\n`

async function recorded(streamId: string, shopId: string, startAt: number, durationMs: number, file: string): Promise<string> {
  const sessionId = world.kernel.ids.make('stream')
  const prefix = `recordings/${streamId}/${sessionId}`
  await world.kernel.db.run(
    sql`insert into media.recording (session_id, stream_id, shop_id, prefix, state, started_at, first_picture_at, duration_ms)
        values (${sessionId}, ${streamId}, ${shopId}, ${prefix}, 'ready', ${at(startAt)}, ${at(startAt)}, ${durationMs})`,
  )
  await world.kernel.storage.put(`${prefix}/vod.m3u8`, Buffer.from(playlist(file)))
  return sessionId
}

test('a show whose media died in the middle has one replay of both parts, and an instant of the show its place in it', async () => {
  const shop = await world.shop()
  const show = await world.must(shop.owner, createShow, { shopId: shop.id, title: { en: 'In two parts' } })
  const start = world.clock.now()
  expect(await replayOf(world.kernel.db, show.id)).toBeNull()
  const second = await recorded(show.id, shop.id, start + 100_000, 60_000, '000007')
  expect((await replayOf(world.kernel.db, show.id))?.url).toBe(`/media/replay/${show.id}/${second}/vod.m3u8`)
  const first = await recorded(show.id, shop.id, start, 30_000, '000001')
  await recorded(show.id, shop.id, start - 50_000, 900, '000099')
  const replay = await replayOf(world.kernel.db, show.id)
  expect(replay).toMatchObject({ url: `/media/replay/${show.id}/whole/vod.m3u8`, startAt: start, durationMs: 90_000 })
  const places = [start - 1, start + 5_000, start + 50_000, start + 101_000, start + 999_000].map((when) =>
    positionInReplay(replay ?? { parts: [] }, when),
  )
  expect(places).toEqual([0, 5_000, 30_000, 31_000, 90_000])
  const { body, statusCode } = await world.app.http.inject({ url: replay?.url ?? '' })
  expect(statusCode).toBe(200)
  const lines = body.split('\n')
  expect(lines.filter((line) => line.endsWith('.m4s'))).toEqual([`../${first}/000001.m4s`, `../${second}/000007.m4s`])
  expect(lines.filter((line) => line.startsWith('#EXT-X-MAP'))).toEqual([
    `#EXT-X-MAP:URI="../${first}/init-000001.mp4"`,
    `#EXT-X-MAP:URI="../${second}/init-000007.mp4"`,
  ])
  expect(lines.filter((line) => line === '#EXT-X-DISCONTINUITY' || line === '#EXT-X-ENDLIST')).toEqual([
    '#EXT-X-DISCONTINUITY',
    '#EXT-X-ENDLIST',
  ])
  expect((await world.app.http.inject({ url: `/media/replay/${show.id.slice(0, -2)}zz/whole/vod.m3u8` })).statusCode).toBe(404)
})

test('nothing joined is nothing', () => {
  expect(joinPlaylists([])).toBeNull()
})
