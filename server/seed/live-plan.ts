import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type Ctx, type Kernel, openCtx, systemActor, type Tx } from '../src/kernel/context.ts'
import { at, sql } from '../src/kernel/sql.ts'
import { sessionOf, startSession } from '../src/modules/identity/verbs/sessions.ts'
import { profileOfCountry } from '../src/modules/markets/views.ts'
import { seedProduct } from './catalogue/products.ts'
import { type DemoWorld, idOf } from './facts.ts'
import type { LivePlan } from './live/plan.ts'
import { seedBuyers, seedStaff } from './people.ts'
import { seedShops } from './shops.ts'
import { type SeedShow, seedShows } from './shows.ts'

/** Sessions of the simulated people carry this, so that they can be told from a visitor's. */
const agent = 'efir demo'
/** Whom visitors become by one click does not play in the crowd. */
export const visitors: ReadonlySet<string> = new Set(['buyer-01', 'buyer-09', 'buyer-27'])

export const alwaysOn = (): SeedShow => {
  const show = seedShows.find((s) => s.kind === 'always_on')
  if (!show) throw new Error('no show is always on air')
  return show
}

/** Writes what the live child needs, unless what is there still holds: then a child that plays by it goes on. */
export async function writePlan(kernel: Kernel, world: DemoWorld, where: { file: string; origin: string }): Promise<void> {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'demo plan' })
  if (await stillHolds(ctx, world, where)) return
  const plan = await ctx.transaction((tx) => makePlan(tx, world, where.origin))
  const draft = `${where.file}.new`
  writeFileSync(draft, JSON.stringify(plan), { mode: 0o600 })
  renameSync(draft, where.file)
}

async function stillHolds(ctx: Ctx, world: DemoWorld, { file, origin }: { file: string; origin: string }): Promise<boolean> {
  if (!existsSync(file)) return false
  const plan = JSON.parse(readFileSync(file, 'utf8')) as LivePlan
  if (plan.origin !== origin || plan.showId !== idOf(world.shows, alwaysOn().id)) return false
  return (await sessionOf(ctx, plan.host)) !== null
}

async function makePlan(tx: Tx, world: DemoWorld, origin: string): Promise<LivePlan> {
  const show = alwaysOn()
  const shop = seedShops.find((s) => s.id === show.producerShopId)
  await tx.run(sql`update identity.session set ended_at = ${at(tx.now)} where agent = ${agent} and ended_at is null`)
  const enter = async (name: string): Promise<string> => {
    const { id, secret } = await startSession(tx, { personId: idOf(world.people, name), way: 'demo', agent, address: '' })
    return `${id}.${secret}`
  }
  const shops = [...new Set(show.lots.map((l) => l.shopId))]
  const fulfilment = []
  for (const name of shops) {
    const person = seedStaff.find((s) => s.shopId === name && s.role === 'fulfilment')
    if (person) fulfilment.push({ shopId: idOf(world.shops, name), session: await enter(person.id) })
  }
  const viewers = []
  for (const { id, name, locale, email, address } of seedBuyers.filter((b) => !visitors.has(b.id))) {
    viewers.push({ personId: idOf(world.people, id), name, session: await enter(id), locale, email, address })
  }
  return {
    origin,
    showId: idOf(world.shows, show.id),
    market: profileOfCountry(shop?.country ?? '')?.code ?? '',
    host: await enter(show.hostId),
    fulfilment,
    viewers,
    lots: show.lots.map((lot) => ({
      lotId: idOf(world.lots, `${show.id}/${lot.key}`),
      product: lot.productId,
      category: seedProduct(lot.productId).category,
    })),
  }
}
