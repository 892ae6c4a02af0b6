import type { Tx } from '../src/kernel/context.ts'
import { scheduleShow, stepShow } from '../src/modules/shows/verbs/life.ts'
import { createSeries, createShow, giveShowRole } from '../src/modules/shows/verbs/make.ts'
import { setRundown } from '../src/modules/shows/verbs/rundown.ts'
import { seedProduct } from './catalogue/products.ts'
import { programOf, replayProductMs } from './clip/program.ts'
import { type DemoWorld, idOf, type Replay, txAt } from './facts.ts'
import { loadLots, showThrough } from './load-lots.ts'
import { type SeedShop, seedShops } from './shops.ts'
import { type SeedShow, seedShows } from './shows.ts'
import { trialId, trialShow } from './trial.ts'

type Loaded = Pick<DemoWorld, 'people' | 'shops' | 'products' | 'variants'>
export interface LoadedShows {
  readonly shows: Record<string, string>
  readonly lots: Record<string, string>
}

const hourMs = 3_600_000

export async function loadShows(tx: Tx, world: Loaded): Promise<LoadedShows & { replays: Replay[] }> {
  const loaded: LoadedShows = { shows: {}, lots: {} }
  const replays: Replay[] = []
  for (const show of seedShows.filter((s) => s.kind !== 'replay')) await loadShow(tx, world, show, loaded)
  await loadShow(tx, world, trialShow(), loaded)
  for (const show of seedShows.filter((s) => s.kind === 'replay')) replays.push(await loadReplay(tx, world, show, loaded))
  return { ...loaded, replays }
}

/** A show with its hosts, lots and rundown; upcoming ones are announced for their time. */
export async function loadShow(tx: Tx, world: Loaded, show: SeedShow, loaded: LoadedShows): Promise<string> {
  const shop = shopOf(show)
  const made = await createShow(tx, {
    shopId: idOf(world.shops, shop.id),
    title: show.title,
    about: show.description,
    languages: [show.locale],
    topic: '',
    ...(show.plannedMinutes === undefined ? {} : { plannedMinutes: show.plannedMinutes }),
    hostIds: [idOf(world.people, show.hostId)],
    demo: show.id !== trialId,
  })
  loaded.shows[show.id] = made.id
  for (const moderator of show.moderators) {
    await giveShowRole(tx, { showId: made.id, personId: idOf(world.people, moderator), role: 'moderator' })
  }
  const lots = await loadLots(tx, { showId: made.id, currency: shop.currency, show, variants: world.variants })
  for (const [key, lotId] of Object.entries(lots)) loaded.lots[`${show.id}/${key}`] = lotId
  await loadRundown(tx, made.id, show, lots)
  if (show.startsInMinutes !== undefined) await announce(tx, made.id, show, show.startsInMinutes)
  return made.id
}

async function loadRundown(tx: Tx, showId: string, show: SeedShow, lots: Readonly<Record<string, string>>): Promise<void> {
  const items = show.rundown.map((item) => {
    const plannedSeconds = item.minutes * 60
    if (item.kind === 'talk') return { kind: 'talk' as const, title: item.text[show.locale].slice(0, 120), plannedSeconds }
    const lot = show.lots.find((l) => l.key === item.lot)
    const title = lot ? seedProduct(lot.productId).title[show.locale] : item.lot
    return { kind: 'lot' as const, title: title.slice(0, 120), plannedSeconds, lotId: idOf(lots, item.lot) }
  })
  await setRundown(tx, { showId, items })
}

async function announce(tx: Tx, showId: string, show: SeedShow, inMinutes: number): Promise<void> {
  const quarter = 15 * 60_000
  const startsAt = Math.ceil((tx.now + inMinutes * 60_000) / quarter) * quarter
  await scheduleShow(tx, { showId, startsAt })
  if (show.series) await createSeries(tx, { showId, zone: zones[shopOf(show).country] ?? 'UTC', weeks: show.series.count })
}

function shopOf(show: SeedShow): SeedShop {
  const shop = seedShops.find((s) => s.id === show.producerShopId)
  if (!shop) throw new Error(`defect: no shop ${show.producerShopId}`)
  return shop
}

/** Where the shop is, for series at the same local time. */
const zones: Readonly<Record<string, string>> = {
  RU: 'Europe/Moscow',
  UA: 'Europe/Kyiv',
  FR: 'Europe/Paris',
  ES: 'Europe/Madrid',
  US: 'America/New_York',
  CN: 'Asia/Shanghai',
}

/** The replay's show as it was: on air, pinned along the program, over. Its recording is written later. */
export async function loadReplay(tx: Tx, world: Loaded, show: SeedShow, loaded: LoadedShows): Promise<Replay> {
  const program = programOf(show.clip ?? '', replayProductMs)
  const endedAt = tx.now - (show.endedHoursAgo ?? 1) * hourMs
  const startedAt = endedAt - program.durationMs
  const showId = await loadShow(txAt(tx, startedAt - 24 * hourMs), world, show, loaded)
  await stepShow(txAt(tx, startedAt), showId, 'start')
  for (const chapter of program.chapters) {
    const lot = show.lots.find((l) => l.productId === chapter.productId)
    const lotId = lot && loaded.lots[`${show.id}/${lot.key}`]
    if (lotId) await showThrough(tx, { lotId, startAt: startedAt + chapter.startMs, endAt: startedAt + chapter.endMs })
  }
  await stepShow(txAt(tx, endedAt), showId, 'end')
  return { name: show.id, sessionId: tx.newId('stream'), startedAt, endedAt }
}
