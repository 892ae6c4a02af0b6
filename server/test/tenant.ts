import * as identity from '@efir/contract/identity.ts'
import * as integrations from '@efir/contract/integrations.ts'
import * as ledger from '@efir/contract/ledger.ts'
import * as lots from '@efir/contract/lots.ts'
import * as media from '@efir/contract/media.ts'
import * as orders from '@efir/contract/orders.ts'
import type { IdKind } from '@efir/contract/scalars.ts'
import * as shows from '@efir/contract/shows.ts'
import { at, json, sql } from '../src/kernel/sql.ts'
import { startSession } from '../src/modules/identity/verbs/sessions.ts'
import { bought, openShelf, price, reserved } from '../src/modules/orders/testing.ts'
import { stepShow } from '../src/modules/shows/verbs/life.ts'
import { stockedVariant } from '../src/modules/stock/testing.ts'
import type { TestPerson, World } from './world.ts'

export type Ids = Partial<Record<IdKind, string>>

/** A shop with one of everything, and the people around it. */
export interface Tenant {
  readonly owner: TestPerson
  readonly host: TestPerson
  readonly buyer: TestPerson
  /** As a running shop shows itself: a public show on air, a published product. */
  readonly open: Ids
  /** What nobody outside has seen yet: a draft of the team, a product that is being written. */
  readonly closed: Ids
}

export async function openTenant(world: World): Promise<Tenant> {
  const shelf = await openShelf(world, { units: 50 })
  const { shopId, owner } = shelf
  const [host, buyer] = [await world.person({ kind: 'account' }), await world.person({ kind: 'account' })]
  const open = await showOf(world, { shopId, owner, host, variantId: shelf.variantId, team: false })
  const { variantId } = await stockedVariant(world, 5, { id: shopId })
  await price(world, variantId, 900, shelf.currency)
  const closed = await showOf(world, { shopId, owner, host, variantId, team: true })
  await world.kernel.db.run(
    sql`update catalog.product set state = 'draft' where id = (select product_id from catalog.variant where id = ${variantId})`,
  )
  const payAccount = world.kernel.ids.make('payAccount')
  const now = at(world.clock.now())
  await world.kernel.db.run(
    sql`insert into payments.account (id, provider, shop_id, active, public_key, sealed, ends, created_at, changed_at)
        values (${payAccount}, 'stripe', ${shopId}, false, ${payAccount}, 'sealed', ${json({})}, ${now}, ${now})`,
  )
  const around = { payAccount, ...(await bookOf(world, shelf, buyer)), ...(await peopleOf(world, shopId, owner, host, buyer)) }
  return { owner, host, buyer, open: { ...around, ...open }, closed: { ...around, ...closed } }
}

interface ShowPlan {
  readonly shopId: string
  readonly owner: TestPerson
  readonly host: TestPerson
  readonly variantId: string
  readonly team: boolean
}

async function showOf(world: World, plan: ShowPlan): Promise<Ids> {
  const { shopId, owner, host, variantId, team } = plan
  const { id: showId } = await world.must(owner, shows.createShow, {
    shopId,
    title: { en: team ? 'Rehearsal' : 'On air' },
    visibility: team ? 'team' : 'public',
    hostIds: [host.id],
  })
  if (!team) {
    await world.tx((tx) => stepShow(tx, showId, 'start'))
    await world.settle()
  }
  const terms = { price: { amount: 700, currency: 'EUR' }, quota: 2 }
  const lot = await world.must(host, lots.createLot, { showId, variantIds: [variantId], ...terms })
  const plan0 = await world.must(host, shows.rundown, { showId })
  const { key } = await world.must(host, media.makeStreamKey, { showId })
  const message = world.kernel.ids.make('message')
  const now = at(world.clock.now())
  await world.kernel.db.run(
    sql`insert into room.message (id, show_id, person_id, name, text, key, at) values (${message}, ${showId}, ${host.id}, 'Host', 'Hello', ${message}, ${now})`,
  )
  await world.kernel.db.run(
    sql`insert into catalog.price_history (variant_id, currency, amount, from_at) values (${variantId}, 'EUR', 900, ${now})`,
  )
  const product = await world.ctx.one<{ id: string }>(sql`select product_id as id from catalog.variant where id = ${variantId}`)
  const picture = world.kernel.ids.make('picture')
  await world.kernel.db.run(
    sql`insert into catalog.picture (id, shop_id, key, width, height, alt, created_at) values (${picture}, ${shopId}, ${`pictures/${picture}`}, 10, 10, ${json({})}, ${now})`,
  )
  const items = plan0.items.map((i) => i.id)
  return {
    show: showId,
    lot: lot.id,
    item: items[0],
    streamKey: key.id,
    message,
    variant: variantId,
    product: product.id,
    picture,
  }
}

async function bookOf(world: World, shelf: Awaited<ReturnType<typeof openShelf>>, buyer: TestPerson): Promise<Ids> {
  const placed = await bought(world, buyer, shelf)
  const page = await world.must(buyer, orders.order, { orderId: placed.orders[0]?.id as string })
  const line = await world.ctx.one<{ id: string }>(
    sql`select id from orders.line where order_id = ${page.id} and kind = 'goods' limit 1`,
  )
  const payment = await world.ctx.one<{ id: string }>(sql`select payment_id as id from orders.checkout where id = ${placed.id}`)
  const reservation = await reserved(world, shelf, buyer)
  await world.must(buyer, orders.setCartLine, { market: shelf.market, variantId: shelf.variantId, quantity: 1 })
  const cart = await world.ctx.one<{ id: string }>(sql`select id from orders.cart_line where person_id = ${buyer.id} limit 1`)
  const payout = await world.must(shelf.owner, ledger.requestPayout, {
    shopId: shelf.shopId,
    key: `payout-of-${shelf.shopId}`,
    amount: { amount: 100, currency: shelf.currency },
  })
  return {
    order: page.id,
    parcel: page.parcel.id,
    line: line.id,
    checkout: placed.id,
    payment: payment.id,
    reservation,
    cart: cart.id,
    payout: payout.id,
    delivery: shelf.methodId,
  }
}

async function peopleOf(world: World, shopId: string, owner: TestPerson, host: TestPerson, buyer: TestPerson): Promise<Ids> {
  const invitation = await world.must(owner, identity.inviteToShop, { shopId, role: 'manager' })
  const passkey = world.kernel.ids.make('passkey')
  const session = await world.tx((tx) => startSession(tx, { personId: buyer.id, way: 'code', agent: '', address: '' }))
  await world.kernel.db.run(
    sql`insert into identity.passkey (id, credential, person_id, public_key, counter, synced, name, created_at)
        values (${passkey}, ${passkey}, ${buyer.id}, '', 0, false, 'Phone', ${at(world.clock.now())})`,
  )
  const { key } = await world.must(owner, integrations.makeShopKey, {
    shopId,
    name: 'A key',
    scopes: ['orders:read'],
    days: 1,
  })
  const hook = { endpoint: world.kernel.ids.make('endpoint'), dispatch: world.kernel.ids.make('dispatch') }
  const now = at(world.clock.now())
  const payAccount = world.kernel.ids.make('payAccount')
  await world.kernel.db.run(
    sql`insert into payments.account (id, provider, shop_id, active, public_key, sealed, ends, created_at, changed_at)
        values (${payAccount}, 'stripe', ${shopId}, false, 'pk', '', '{}', ${now}, ${now})`,
  )
  await world.kernel.db.run(
    sql`insert into integrations.endpoint (id, shop_id, url, types, secret, state, made_at) values (${hook.endpoint}, ${shopId}, 'https://example.org/', '{order.paid}', '', 'paused', ${now})`,
  )
  await world.kernel.db.run(
    sql`insert into integrations.dispatch (id, endpoint_id, type, body, at, state, next_at) values (${hook.dispatch}, ${hook.endpoint}, 'ping', '{}', ${now}, 'taken', ${now})`,
  )
  return {
    shop: shopId,
    person: host.id,
    invitation: invitation.id,
    session: session.id,
    passkey,
    apiKey: key.id,
    payAccount,
    ...hook,
  }
}
