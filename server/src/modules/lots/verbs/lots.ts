import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/lots.ts'
import { textIn } from '@efir/contract/scalars.ts'
import type { Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { quickProduct } from '../../catalog/verbs/quick.ts'
import { variantFacts } from '../../catalog/views.ts'
import type { ShowRow } from '../../shows/tables.ts'
import { addLotItem, copyLotItem, noteLots } from '../../shows/verbs/rundown.ts'
import { showRow } from '../../shows/views.ts'
import { receiveStock } from '../../stock/verbs/goods.ts'
import { shelvesOf } from '../../stock/views.ts'
import { lotChanged, lotCreated, lotRemoved } from '../events.ts'
import { hasUnits, isOver, type PastPrice, referenceFor } from '../rules.ts'
import type { DealRow, LotRow } from '../tables.ts'
import { deskLot } from '../views.ts'
import { changeOpen } from './deals.ts'
import { lockLot } from './lock.ts'

type Terms = Pick<In<typeof contract.createLot>, 'price' | 'reference' | 'quota' | 'perBuyer' | 'windowMs'>
type Reference = Terms['reference'] | null

/** When a seller names no limit. */
const usualLimit = 100

async function lockShowLots(tx: Tx, showId: string): Promise<{ show: ShowRow; number: number; position: number }> {
  const show = found(await showRow(tx, showId))
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`lots of ${showId}`}, 0))`)
  const next = await tx.one<{ number: number; position: number }>(
    sql`select coalesce(max(number), 0) + 1 as number, coalesce(max(position), -1) + 1 as position from lots.lot where show_id = ${showId}`,
  )
  return { show, ...next }
}

export async function createLot(tx: Tx, input: In<typeof contract.createLot>) {
  const { show, number, position } = await lockShowLots(tx, input.showId)
  const facts = await variantFacts(tx, input.variantIds)
  const goods = input.variantIds.map((id) => found(facts.get(id)))
  const [first] = goods
  refuseIf(!first || goods.some((g) => g.productId !== first.productId), 'bad_input', {
    field: 'variantIds',
    problem: 'variants of one product',
  })
  const { shopId, productId, title } = found(first)
  await refuseForeignGoods(tx, show, shopId)
  await refuseOtherCurrency(show, input.price)
  const free = [...(await shelvesOf(tx, input.variantIds)).values()].reduce((sum, s) => sum + s.left, 0)
  refuseIf(free < input.quota, 'stock_short', { left: free })
  const id = tx.newId('lot')
  await tx.run(
    sql`insert into lots.lot (id, show_id, shop_id, number, position, product_id, quota, per_buyer, window_ms, guard, created_at, changed_at)
        values (${id}, ${show.id}, ${shopId}, ${number}, ${position}, ${productId}, ${input.quota}, ${input.perBuyer ?? usualLimit}, ${input.windowMs ?? null}, ${input.guard ?? 'open'}, ${at(tx.now)}, ${at(tx.now)})`,
  )
  await tx.run(
    sql`insert into lots.variant (lot_id, variant_id, position) select ${id}, v, n - 1 from unnest(${[...new Set(input.variantIds)]}::text[]) with ordinality u (v, n)`,
  )
  await writeDeal(tx, { lotId: id, version: 1, price: input.price, reference: input.reference, variantIds: input.variantIds })
  await addLotItem(tx, { showId: show.id, lotId: id, title: textIn(title, tx.locale), plannedSeconds: 180 })
  await count(tx, show.id)
  await tx.announce(lotCreated, { showId: show.id, lotId: id }, show.id)
  return await deskLot(tx, id)
}

/** The card of a show, on the left, says how many lots it has. */
async function count(tx: Tx, showId: string): Promise<void> {
  const { lots } = await tx.one<{ lots: number }>(
    sql`select count(*)::int as lots from lots.lot where show_id = ${showId} and removed_at is null`,
  )
  await noteLots(tx, { showId, lots })
}

/** A lot of another shop's goods is for who runs that shop. */
async function refuseForeignGoods(tx: Tx, show: ShowRow, shopId: string): Promise<void> {
  if (shopId === show.shop_id || tx.actor.kind === 'system') return
  const personId = tx.actor.kind === 'nobody' ? '' : tx.actor.personId
  const role = await tx.maybe(
    sql`select 1 from identity.role where place_kind = 'shop' and place_id = ${shopId} and person_id = ${personId} and role in ('owner', 'manager')`,
  )
  refuseIf(role === null, 'not_found')
}

async function refuseOtherCurrency(show: ShowRow, price: { currency: string }): Promise<void> {
  if (price.currency !== show.currency) throw new Refusal('currency_unknown', { currency: price.currency })
}

/** The next version of the terms. What an older one said stays written. */
async function writeDeal(
  tx: Tx,
  deal: {
    lotId: string
    version: number
    price: { amount: number; currency: string }
    reference: Reference | undefined
    variantIds: readonly string[]
  },
) {
  const history = await tx.rows<PastPrice>(
    sql`select amount, from_at as "fromAt" from catalog.price_history where variant_id = ${deal.variantIds[0] ?? ''} and currency = ${deal.price.currency} order by from_at, id`,
  )
  const asked = deal.reference && { amount: deal.reference.price.amount, basis: deal.reference.basis }
  const reference = referenceFor(asked, history, deal.price.amount, tx.now)
  await tx.run(sql`update lots.deal set until_at = ${at(tx.now)} where lot_id = ${deal.lotId} and until_at is null`)
  await tx.run(
    sql`insert into lots.deal (id, lot_id, version, amount, currency, reference_amount, reference_basis, from_at)
        values (${tx.newId('deal')}, ${deal.lotId}, ${deal.version}, ${deal.price.amount}, ${deal.price.currency}, ${reference?.amount ?? null}, ${reference?.basis ?? null}, ${at(tx.now)})`,
  )
  await tx.run(sql`update lots.lot set version = ${deal.version}, changed_at = ${at(tx.now)} where id = ${deal.lotId}`)
}

export async function createLinkLot(tx: Tx, input: In<typeof contract.createLinkLot>) {
  const { show, number, position } = await lockShowLots(tx, input.showId)
  await refuseOtherCurrency(show, input.price)
  const picture = input.pictureId
    ? found(
        await tx.maybe<{ id: string }>(
          sql`select id from catalog.picture where id = ${input.pictureId} and shop_id = ${show.shop_id}`,
        ),
      ).id
    : null
  const id = tx.newId('lot')
  await tx.run(
    sql`insert into lots.lot (id, show_id, shop_id, number, position, link_url, link_seller, link_title, link_picture, created_at, changed_at)
        values (${id}, ${show.id}, ${show.shop_id}, ${number}, ${position}, ${input.url}, ${input.seller}, ${json(input.title)}, ${picture}, ${at(tx.now)}, ${at(tx.now)})`,
  )
  await writeDeal(tx, { lotId: id, version: 1, price: input.price, reference: null, variantIds: [] })
  await addLotItem(tx, { showId: show.id, lotId: id, title: textIn(input.title, tx.locale), plannedSeconds: 60 })
  await count(tx, show.id)
  await tx.announce(lotCreated, { showId: show.id, lotId: id }, show.id)
  return await deskLot(tx, id)
}

/** Photo, price, quantity: a product with its stock and a lot, in one act. */
export async function quickLot(tx: Tx, input: In<typeof contract.quickLot>) {
  const show = found(await showRow(tx, input.showId))
  await refuseOtherCurrency(show, input.price)
  const { variantId } = await quickProduct(tx, {
    shopId: show.shop_id,
    title: input.title,
    price: input.price,
    pictureId: input.pictureId,
  })
  await receiveStock(tx, { variantId, quantity: input.quantity, note: 'quick lot' })
  return await createLot(tx, {
    showId: input.showId,
    variantIds: [variantId],
    price: input.price,
    quota: input.quantity,
    perBuyer: input.perBuyer,
  })
}

/** While units are set aside only the quota and the window change; price and limit were promised. */
export async function changeLot(tx: Tx, input: In<typeof contract.changeLot>) {
  const lot = await lockLot(tx, input.lotId)
  const terms = [input.price, input.reference, input.perBuyer, input.guard].some((one) => one !== undefined)
  refuseIf(terms && hasUnits(lot.state), 'lot_state', { state: lot.state })
  refuseIf(
    lot.link_url !== null && [input.quota, input.perBuyer, input.windowMs, input.guard].some((one) => one !== undefined),
    'lot_state',
    {
      state: 'elsewhere',
    },
  )
  if (hasUnits(lot.state)) await changeOpen(tx, lot, input)
  else {
    await tx.run(
      sql`update lots.lot set quota = ${input.quota ?? lot.quota}, per_buyer = ${input.perBuyer ?? lot.per_buyer}, window_ms = ${input.windowMs === undefined ? lot.window_ms : input.windowMs}, guard = ${input.guard ?? lot.guard} where id = ${lot.id}`,
    )
  }
  if (input.price !== undefined || input.reference !== undefined) await changePrice(tx, lot, input)
  if (input.position !== undefined) await moveTo(tx, lot, input.position)
  await tx.run(sql`update lots.lot set changed_at = ${at(tx.now)} where id = ${lot.id}`)
  await tx.announce(lotChanged, { showId: lot.show_id, lotId: lot.id }, lot.show_id)
  return await deskLot(tx, lot.id)
}

async function changePrice(tx: Tx, lot: LotRow, input: In<typeof contract.changeLot>): Promise<void> {
  const show = found(await showRow(tx, lot.show_id))
  const now = await tx.one<DealRow>(sql`select * from lots.deal where lot_id = ${lot.id} and version = ${lot.version}`)
  const price = input.price ?? { amount: now.amount, currency: now.currency }
  await refuseOtherCurrency(show, price)
  const kept =
    now.reference_basis === 'makers_price'
      ? { price: { amount: now.reference_amount ?? 0, currency: now.currency }, basis: now.reference_basis }
      : undefined
  const variants = await tx.rows<{ variant_id: string }>(
    sql`select variant_id from lots.variant where lot_id = ${lot.id} order by position`,
  )
  const reference = input.reference === undefined ? kept : input.reference
  await writeDeal(tx, {
    lotId: lot.id,
    version: lot.version + 1,
    price,
    reference: lot.link_url ? null : reference,
    variantIds: variants.map((v) => v.variant_id),
  })
}

/** Puts the lot at this place of the shelf; the others keep their order. */
async function moveTo(tx: Tx, lot: LotRow, position: number): Promise<void> {
  await lockShowLots(tx, lot.show_id)
  const others = await tx.rows<{ id: string }>(
    sql`select id from lots.lot where show_id = ${lot.show_id} and id <> ${lot.id} order by position, number`,
  )
  const order = others.map((o) => o.id)
  order.splice(Math.min(position, order.length), 0, lot.id)
  await tx.run(
    sql`update lots.lot l set position = o.n - 1 from unnest(${order}::text[]) with ordinality o (id, n) where l.id = o.id`,
  )
}

export async function removeLot(tx: Tx, input: { lotId: string }) {
  const lot = await lockLot(tx, input.lotId)
  refuseIf(lot.state !== 'draft' && !isOver(lot.state), 'lot_state', { state: lot.state })
  await tx.run(sql`update lots.lot set removed_at = ${at(tx.now)}, changed_at = ${at(tx.now)} where id = ${lot.id}`)
  await tx.run(sql`update lots.pin set end_at = greatest(start_at, ${at(tx.now)}) where lot_id = ${lot.id} and end_at is null`)
  await count(tx, lot.show_id)
  await tx.announce(lotRemoved, { showId: lot.show_id, lotId: lot.id }, lot.show_id)
  return { done: true as const }
}

/** A copied show gets the same lots, as drafts. */
export async function copyLots(tx: Tx, from: { fromId: string; showId: string }): Promise<void> {
  const lots = await tx.rows<LotRow>(
    sql`select * from lots.lot where show_id = ${from.fromId} and removed_at is null order by number`,
  )
  for (const lot of lots) {
    const id = tx.newId('lot')
    await tx.run(
      sql`insert into lots.lot (id, show_id, shop_id, number, position, product_id, version, quota, per_buyer, window_ms, guard, link_url, link_seller, link_title, link_picture, created_at, changed_at)
          select ${id}, ${from.showId}, shop_id, number, position, product_id, 1, quota, per_buyer, window_ms, guard, link_url, link_seller, link_title, link_picture, ${at(tx.now)}, ${at(tx.now)}
          from lots.lot where id = ${lot.id}`,
    )
    await tx.run(
      sql`insert into lots.variant (lot_id, variant_id, position) select ${id}, variant_id, position from lots.variant where lot_id = ${lot.id}`,
    )
    await tx.run(
      sql`insert into lots.deal (id, lot_id, version, amount, currency, reference_amount, reference_basis, from_at)
          select ${tx.newId('deal')}, ${id}, 1, amount, currency, reference_amount, reference_basis, ${at(tx.now)} from lots.deal where lot_id = ${lot.id} and version = ${lot.version}`,
    )
    await copyLotItem(tx, { fromShowId: from.fromId, fromLotId: lot.id, showId: from.showId, lotId: id })
    await tx.announce(lotCreated, { showId: from.showId, lotId: id }, from.showId)
  }
  await count(tx, from.showId)
}
