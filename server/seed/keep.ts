import { type Ctx, type Kernel, openCtx, systemActor, type Tx } from '../src/kernel/context.ts'
import { at, sql } from '../src/kernel/sql.ts'
import { scheduleShow } from '../src/modules/shows/verbs/life.ts'
import { showRow } from '../src/modules/shows/views.ts'
import { type DemoWorld, idOf, readWorld, saveWorld } from './facts.ts'
import { alwaysOn, visitors } from './live-plan.ts'
import { loadShow } from './load-shows.ts'
import { seedBuyers } from './people.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const over: ReadonlySet<string> = new Set(['ended', 'replay', 'archived', 'cancelled'])

/**
 * Keeps the world fresh: a visitor may end the show that is always on air, or the server may have been off for long: then a new one
 * takes its place. Shows announced for a time that has passed are announced for the next day.
 */
export async function keepWorld(kernel: Kernel): Promise<DemoWorld | null> {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'demo keep' })
  return await ctx.transaction(async (tx) => {
    const world = await readWorld(tx)
    if (world === null) return null
    await announceAgain(tx, world)
    await emptyBox(tx)
    const onAir = await showRow(tx, idOf(world.shows, alwaysOn().id))
    return onAir && over.has(onAir.state) ? await newShow(tx, world, onAir.cover, onAir.cover_wide) : world
  })
}

async function newShow(tx: Tx, world: DemoWorld, cover: string | null, coverWide: string | null): Promise<DemoWorld> {
  const shows = { ...world.shows }
  const lots = { ...world.lots }
  const showId = await loadShow(tx, world, alwaysOn(), { shows, lots })
  await tx.run(sql`update shows.show set cover = ${cover}, cover_wide = ${coverWide} where id = ${showId}`)
  const fresh = { ...world, shows, lots }
  await saveWorld(tx, fresh)
  return fresh
}

async function announceAgain(tx: Tx, world: DemoWorld): Promise<void> {
  const late = await tx.rows<{ id: string; starts_at: number }>(
    sql`select id, starts_at from shows.show where demo and state = 'scheduled' and starts_at < ${at(tx.now + 60_000)} and shop_id = any(${Object.values(world.shops)}) limit 50`,
  )
  for (const { id, starts_at } of late) {
    const days = Math.ceil((tx.now + hourMs - starts_at) / dayMs)
    await scheduleShow(tx, { showId: id, startsAt: starts_at + days * dayMs })
  }
}

/** Letters to the simulated buyers would bury those of visitors. */
async function emptyBox(tx: Tx): Promise<void> {
  const crowd = seedBuyers.filter((b) => !visitors.has(b.id)).map((b) => b.email)
  await tx.run(sql`delete from kernel.mail_box where letter ->> 'to' = any(${crowd}) and at < ${at(tx.now - 2 * keptMs)}`)
}
const keptMs = 60_000

const batch = 2_000
const chatKeptMs = 3 * hourMs
const pinsKeptMs = 20 * 60_000
const reservationsKeptMs = 6 * hourMs
const eventsKeptMs = 12 * hourMs

/** Takes old demo data away, a batch of each kind at a time. What journals and the ledger rest on stays: orders, payments, movements. */
export async function pruneWorld(kernel: Kernel): Promise<Record<string, number>> {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'demo prune' })
  const world = await readWorld(ctx)
  if (world === null) return {}
  const shops = Object.values(world.shops)
  const before = (ms: number) => at(ctx.now() - ms)
  const shows = sql`(select id from shows.show where demo and shop_id = any(${shops}))`
  const steps = {
    chat: sql`delete from room.message m where id in (select id from room.message where show_id in ${shows} and at < ${before(chatKeptMs)} order by id limit ${batch})
      and not exists (select from room.settings s where s.pinned_message_id = m.id)`,
    // Pins of a replay are its chapters; those of a show on air are only asked for as far back as its window.
    pins: sql`delete from lots.pin where id in (select p.id from lots.pin p join shows.show s on s.id = p.show_id
      where s.demo and s.state in ('live', 'paused') and s.shop_id = any(${shops}) and p.end_at < ${before(pinsKeptMs)} limit ${batch})`,
    buyerKeys: sql`delete from stock.buyer_key where reservation_id in (${gone(before(reservationsKeptMs), shops)})`,
    reservations: sql`delete from stock.reservation where id in (${gone(before(reservationsKeptMs), shops)})`,
    sessions: sql`delete from identity.session where id in (select id from identity.session where agent = 'efir demo' and ended_at < ${before(dayMs)} limit ${batch})`,
  }
  return { ...(await inTurn(ctx, steps)), events: await kernel.events.prune(ctx.now() - eventsKeptMs, batch * 5) }
}

/** Reservations that sold nothing. */
const gone = (before: string, shops: readonly string[]) =>
  sql`select r.id from stock.reservation r where r.state in ('expired', 'released') and r.expires_at < ${before} and r.shop_id = any(${[...shops]})
    and not exists (select from orders.line l where l.reservation_id = r.id) order by r.expires_at limit ${batch}`

async function inTurn(ctx: Ctx, steps: Readonly<Record<string, ReturnType<typeof sql>>>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [name, query] of Object.entries(steps)) counts[name] = await ctx.run(query)
  return counts
}

export async function ordersIn(ctx: Ctx): Promise<number> {
  return (await ctx.one<{ n: number }>(sql`select count(*)::int as n from orders.order`)).n
}
