import type { In } from '@efir/contract/act.ts'
import * as l from '@efir/contract/lots.ts'
import { endShow } from '@efir/contract/shows.ts'
import type { TestPerson } from '../server/test/world.ts'
import type { Random } from './random.ts'
import { beginShow, life, maybeTwice, newKey, type SeenLot, type Step, type Steps, type Story } from './story.ts'

const euros = (random: Random) => ({ amount: 500 + 100 * random.below(20), currency: 'EUR' })
const windowOf = (random: Random) => 5_000 + 1_000 * random.below(60)

const createLot: Step = async (story) => {
  const { random, shelf, variantIds } = story
  const input: In<typeof l.createLot> = {
    showId: story.showId,
    variantIds: random.chance(0.5) ? [...variantIds] : [shelf.variantId],
    price: euros(random),
    quota: 1 + random.below(8),
    ...(random.chance(0.8) ? { perBuyer: 1 + random.below(3) } : {}),
    ...(random.chance(0.5) ? { windowMs: windowOf(random) } : {}),
  }
  const lot = await life(story, shelf.owner, l.createLot, input)
  if (lot) story.lots.push({ id: lot.id, versions: [lot.dealVersion], variantIds: input.variantIds, opened: false })
}

/** A lot of the story; a new one when there is none. */
async function some(story: Story): Promise<SeenLot | null> {
  if (story.lots.length === 0) await createLot(story)
  return story.lots.length ? story.random.pick(story.lots) : null
}

/** Buyers mostly tap where something is to be had. */
function shown(story: Story): SeenLot | null {
  const open = story.lots.filter((lot) => lot.opened)
  const from = open.length && story.random.chance(0.85) ? open : story.lots
  return from.length ? story.random.pick(from) : null
}

async function open(story: Story, lot: SeenLot): Promise<void> {
  const { random, shelf } = story
  const countdownMs = random.chance(0.25) ? 1_000 + random.below(20_000) : 0
  const answers = await maybeTwice(story, shelf.owner, l.openLot, { lotId: lot.id, countdownMs })
  lot.opened ||= answers.some((a) => a !== null)
}

const openLot: Step = async (story) => {
  const lot = await some(story)
  if (lot) await open(story, lot)
}

/** From the shelf to the screens and open, as a host does it. */
const presentLot: Step = async (story) => {
  await createLot(story)
  const lot = story.lots.at(-1)
  if (!lot) return
  await life(story, story.shelf.owner, l.pinLot, { lotId: lot.id })
  await open(story, lot)
}

const handleLot: Step = async (story) => {
  const lot = await some(story)
  if (!lot) return
  const { owner } = story.shelf
  const act = story.random.pick([l.armLot, l.closeLot, l.closeLot, l.revokeLot, l.pinLot, l.unpinLot, l.removeLot] as const)
  const answers = await maybeTwice(story, owner, act as typeof l.armLot, { lotId: lot.id })
  if (act === l.removeLot && answers.some((a) => a !== null)) story.lots.splice(story.lots.indexOf(lot), 1)
}

const changes: readonly ((random: Random) => Partial<In<typeof l.changeLot>>)[] = [
  (random) => ({ price: euros(random) }),
  (random) => ({ quota: 1 + random.below(10) }),
  (random) => ({ windowMs: windowOf(random) }),
  (random) => ({ perBuyer: 1 + random.below(3) }),
  (random) => ({ quota: 1 + random.below(10), windowMs: windowOf(random) }),
]
const changeLot: Step = async (story) => {
  const lot = await some(story)
  if (!lot) return
  const { random, shelf } = story
  const [now] = await maybeTwice(story, shelf.owner, l.changeLot, { lotId: lot.id, ...random.pick(changes)(random) })
  if (now && now.dealVersion !== lot.versions.at(-1)) lot.versions.push(now.dealVersion)
}

/** Another price while people hold the old one: revoked, changed, opened again. */
const repriceLot: Step = async (story) => {
  const lot = await some(story)
  if (!lot) return
  const { owner } = story.shelf
  await life(story, owner, l.revokeLot, { lotId: lot.id })
  const now = await life(story, owner, l.changeLot, { lotId: lot.id, price: euros(story.random) })
  if (now) lot.versions.push(now.dealVersion)
  await open(story, lot)
}

interface Tap {
  readonly buyer: TestPerson
  readonly input: In<typeof l.reserveLot>
  readonly again: boolean
  readonly twice: boolean
}

/** All that chance has to say is said before the first await: a crowd's answers come in any order. */
function planTap(story: Story, lot: SeenLot): Tap {
  const { random } = story
  const seenVersion = random.chance(0.7) ? lot.versions.at(-1) : random.chance(0.7) ? random.pick(lot.versions) : undefined
  return {
    buyer: random.pick(story.buyers),
    input: {
      lotId: lot.id,
      quantity: 1 + random.below(2),
      key: newKey(story),
      ...(random.chance(0.5) ? { variantId: random.pick(lot.variantIds) } : {}),
      ...(seenVersion === undefined ? {} : { seenVersion }),
      ...(random.chance(0.4) ? { delayMs: random.below(12_000) } : {}),
    },
    again: random.chance(0.25),
    twice: random.chance(0.15),
  }
}

async function tap(story: Story, { buyer, input, again, twice }: Tap): Promise<void> {
  const ask = () => life(story, buyer, l.reserveLot, input)
  const answers = twice ? await Promise.all([ask(), ask()]) : [await ask()]
  if (again) answers.push(await ask())
  const granted = answers.flatMap((a) => (a?.reservation ? [a.reservation] : []))
  if (new Set(granted.map((r) => `${r.id} ${r.quantity} ${r.price.amount}`)).size > 1)
    throw new Error('the same tap was granted twice, or otherwise')
  const offer = answers.find((a) => a?.offer)?.offer
  if (granted[0]) story.held.push({ buyer, reservationId: granted[0].id })
  else if (offer) story.held.push({ buyer, offer })
}

const oneTap: Step = async (story) => {
  const lot = shown(story)
  if (lot) await tap(story, planTap(story, lot))
}

/** A crowd in one instant, sharing batches; the host may act in the middle of it. */
const rush: Step = async (story) => {
  const { random } = story
  const lot = shown(story)
  if (!lot) return
  const taps = Array.from({ length: 3 + random.below(6) }, () =>
    planTap(story, random.chance(0.85) ? lot : random.pick(story.lots)),
  )
  const act = random.chance(0.4) ? random.pick([handleLot, changeLot, openLot]) : null
  await Promise.all([...taps.map((one) => tap(story, one)), ...(act ? [act(story)] : [])])
}

const release: Step = async (story) => {
  const index = story.held.findIndex((h) => h.reservationId !== undefined)
  const [held] = index < 0 ? [] : story.held.splice(index, 1)
  if (held?.reservationId) await maybeTwice(story, held.buyer, l.releaseMyReservation, { reservationId: held.reservationId })
}

/** What had a window ends with the show; the rest goes on selling beside the next one. */
const nextShow: Step = async (story) => {
  await maybeTwice(story, story.shelf.owner, endShow, { showId: story.showId })
  story.showId = await beginShow(story.world, story.shelf)
}

const look: Step = async (story) => {
  await life(story, story.shelf.owner, l.lotBoard, { showId: story.showId })
  await life(story, null, l.shelf, { showId: story.showId })
  await life(story, story.random.pick(story.buyers), l.myReservations, {})
}

export const lotSteps: Steps = [
  [4, 'present a lot', presentLot],
  [2, 'open a lot', openLot],
  [3, 'handle a lot', handleLot],
  [2, 'change a lot', changeLot],
  [1, 'reprice a lot', repriceLot],
  [6, 'tap', oneTap],
  [4, 'rush', rush],
  [1, 'release', release],
  [1, 'next show', nextShow],
  [1, 'look', look],
]
