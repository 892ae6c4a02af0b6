import { type Kernel, openCtx, systemActor } from '../src/kernel/context.ts'
import type { Credentials } from '../src/modules/identity/ports.ts'
import { type DemoWorld, demoVersion, idOf, readWorld, saveWorld, txAt, writeSetting } from './facts.ts'
import { loadCatalogue } from './load-catalogue.ts'
import { demoAccounts, loadPeople, loadShops } from './load-people.ts'
import { loadShows } from './load-shows.ts'

const dayMs = 86_400_000
/** Shops and prices are older than the 30 days that a struck price may rest on. */
const openedDaysAgo = 45

/**
 * The world in words: everything but pictures and recordings, in one transaction. Loads it when it is not there; a second call
 * changes nothing.
 */
export async function loadDemo(kernel: Kernel, credentials?: Pick<Credentials, 'create'>): Promise<DemoWorld> {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'demo world' })
  const before = await readWorld(ctx)
  if (before !== null) return before
  const world = await ctx.transaction(async (tx) => {
    const past = txAt(tx, tx.now - openedDaysAgo * dayMs)
    const people = await loadPeople(past)
    const shops = await loadShops(past, people)
    const goods = await loadCatalogue(past, shops)
    const shows = await loadShows(tx, { people, shops, ...goods })
    const loaded: DemoWorld = { people, shops, ...goods, ...shows }
    await saveWorld(tx, loaded)
    await writeSetting(tx, 'demo.version', demoVersion)
    return loaded
  })
  if (credentials) for (const { id, email, name } of demoAccounts()) await credentials.create(idOf(world.people, id), email, name)
  return world
}
