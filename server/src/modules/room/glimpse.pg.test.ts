import { banPerson, chatGlimpse, deleteMessage, sendChat } from '@efir/contract/room.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { sql } from '../../kernel/sql.ts'
import { stage } from '../lots/testing.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('who passes by reads the newest lines, and is not counted as a viewer', async () => {
  const { showId, host } = await stage(world)
  const [ana, boris] = [await world.person({ name: 'Ana' }), await world.person({ name: 'Boris' })]
  const glimpse = async () => (await world.must(null, chatGlimpse, { showId })).lines.map((line) => line.text)
  expect(await glimpse()).toEqual([])
  for (let n = 1; n <= 14; n++) {
    await world.must(ana, sendChat, { showId, key: `glimpse-${n}`, text: `line ${n}` })
    world.clock.advance(2_000)
  }
  const { line } = await world.must(boris, sendChat, { showId, key: 'glimpse-rude', text: 'something rude' })
  expect(await glimpse()).toEqual([...Array.from({ length: 11 }, (_, n) => `line ${n + 4}`), 'something rude'])
  await world.must(host, banPerson, { showId, personId: boris.id as never, banned: true })
  expect(await glimpse()).not.toContain('something rude')
  await world.must(host, banPerson, { showId, personId: boris.id as never, banned: false })
  await world.must(host, deleteMessage, { showId, messageId: line.id as never })
  expect(await glimpse()).not.toContain('something rude')
  expect((await world.kernel.db.one<{ viewers: number }>(sql`select viewers from shows.show where id = ${showId}`)).viewers).toBe(
    0,
  )
  await world.kernel.db.run(sql`update shows.show set visibility = 'team' where id = ${showId}`)
  expect(await world.call(ana, chatGlimpse, { showId })).toMatchObject({ refusal: 'show_not_public' })
})
