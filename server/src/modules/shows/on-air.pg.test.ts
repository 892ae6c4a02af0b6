import * as contract from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { stepShow } from './verbs/life.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test('who runs the platform sees every show on air, also those of a team and those that were cut, and cuts and undoes it', async () => {
  const operator = await world.person({ operator: true })
  const shops = [await world.shop(), await world.shop()]
  const ids: string[] = []
  for (const { id: shopId, owner } of shops)
    ids.push((await world.must(owner, contract.createShow, { shopId, title: { en: 'A show' }, visibility: 'team' })).id)
  const [first, second] = ids as [string, string]
  const onAir = async () => (await world.must(operator, contract.showsOnAir, {})).shows
  expect(await onAir()).toEqual([])
  for (const id of ids) await world.tx((tx) => stepShow(tx, id, 'start'))
  await world.must(operator, contract.cutShow, { showId: first as never, on: true, reason: 'A fire in the studio' })
  expect((await onAir()).map(({ id, state, cutReason }) => [id, state, cutReason])).toEqual([
    [second, 'live', undefined],
    [first, 'cut', 'A fire in the studio'],
  ])
  const owner = shops[0]?.owner ?? null
  expect(await world.call(owner, contract.showsOnAir, {})).toMatchObject({ refusal: 'not_allowed' })
  await world.must(operator, contract.cutShow, { showId: first as never, on: false, reason: '-' })
  expect((await onAir()).find((one) => one.id === first)).toMatchObject({ state: expect.not.stringMatching('cut') })
  expect((await onAir()).every((one) => one.cutReason === undefined)).toBe(true)
})
