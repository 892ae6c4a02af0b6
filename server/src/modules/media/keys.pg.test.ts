import { takeRole } from '@efir/contract/identity.ts'
import { makeStreamKey, publishToken, streamKeys } from '@efir/contract/media.ts'
import { createShow, giveShowRole, takeShowRole } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import type { StreamOwner } from './ports.ts'
import { admitPublisher } from './verbs/hooks.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const everybody: StreamOwner = async () => ({ title: '', recordingDays: 0, playbackKey: null, graceMs: 1 })
const letIn = async (credential: string) =>
  (await admitPublisher([everybody])(world.ctx, { protocol: 'whip', credential, remote: '' })).ok

test('whoever no longer runs a show publishes to it no more; the keys of others stay', async () => {
  const shop = await world.shop()
  const { owner } = shop
  const [host, manager] = [await world.person({ kind: 'account' }), await world.person({ kind: 'account' })]
  await world.give(manager, shop.id, 'manager')
  const { id: showId } = await world.must(owner, createShow, { shopId: shop.id, title: { en: 'Keys' } })
  await world.must(owner, giveShowRole, { showId, personId: host.id, role: 'host' })
  const secrets = {
    owner: (await world.must(owner, makeStreamKey, { showId })).secret,
    host: (await world.must(host, publishToken, { showId })).token,
    manager: (await world.must(manager, makeStreamKey, { showId })).secret,
  }
  const look = async () => [await letIn(secrets.owner), await letIn(secrets.host), await letIn(secrets.manager)]
  expect(await look()).toEqual([true, true, true])
  await world.must(owner, takeShowRole, { showId, personId: host.id, role: 'host' })
  await world.settle()
  expect(await look()).toEqual([true, false, true])
  await world.must(owner, giveShowRole, { showId, personId: manager.id, role: 'host' })
  await world.must(owner, takeRole, { shopId: shop.id, personId: manager.id, role: 'manager' })
  await world.settle()
  expect(await look()).toEqual([true, false, true])
  await world.must(owner, takeShowRole, { showId, personId: manager.id, role: 'host' })
  await world.settle()
  expect(await look()).toEqual([true, false, false])
  expect((await world.must(owner, streamKeys, { showId })).keys).toHaveLength(1)
})
