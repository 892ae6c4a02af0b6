import type { AddressInfo } from 'node:net'
import { act } from '@efir/contract/act.ts'
import * as lots from '@efir/contract/lots.ts'
import fastify from 'fastify'
import { Type } from 'typebox'
import { openApp } from '../../server/src/app.ts'
import { readConfig } from '../../server/src/config.ts'
import { bind } from '../../server/src/kernel/bind.ts'
import { type Kernel, openCtx, systemActor } from '../../server/src/kernel/context.ts'
import { openHttp } from '../../server/src/kernel/http.ts'
import { openLog } from '../../server/src/kernel/log.ts'
import { openKernel } from '../../server/src/kernel/open.ts'
import { at, sql } from '../../server/src/kernel/sql.ts'
import { openThrottle } from '../../server/src/kernel/throttle.ts'
import { authenticator } from '../../server/src/modules/identity/access.ts'
import { openBetterAuth } from '../../server/src/modules/identity/adapters/better-auth.ts'
import { rolesIn } from '../../server/src/modules/identity/views.ts'
import { openLot } from '../../server/src/modules/lots/verbs/deals.ts'
import { createLot } from '../../server/src/modules/lots/verbs/lots.ts'
import { noMedia } from '../../server/src/modules/media/ports.ts'
import { receiveStock } from '../../server/src/modules/stock/verbs/goods.ts'

/** The whole app as main.ts opens it, and beside it the same front with a handler that does nothing. */
export interface ServerReady {
  readonly port: number
  readonly noopPort: number
  readonly barePort: number
  readonly lotId: string
  readonly secret: string
}
const [databaseUrl = '', folder = ''] = process.argv.slice(2)
const units = 100_000_000

async function makeLot(kernel: Kernel): Promise<string> {
  const ctx = openCtx(kernel, { actor: systemActor })
  const { ids, db } = kernel
  const [shopId, showId, productId, variantId] = [ids.make('shop'), ids.make('show'), ids.make('product'), ids.make('variant')]
  const now = at(kernel.clock.now())
  await db.run(
    sql`insert into identity.shop (id, slug, name, market, country, currency, created_at) values (${shopId}, 'bench', 'Bench', 'FR', 'FR', 'EUR', ${now})`,
  )
  await db.run(
    sql`insert into shows.show (id, shop_id, title, currency, state, playback_key, created_at, changed_at) values (${showId}, ${shopId}, '{"en":"Bench"}', 'EUR', 'live', 'none', ${now}, ${now})`,
  )
  await db.run(
    sql`insert into catalog.product (id, shop_id, slug, title, state, created_at, changed_at) values (${productId}, ${shopId}, 'thing', '{"en":"Thing"}', 'published', ${now}, ${now})`,
  )
  await db.run(
    sql`insert into catalog.variant (id, product_id, shop_id, sku, created_at) values (${variantId}, ${productId}, ${shopId}, 'thing', ${now})`,
  )
  return await ctx.transaction(async (tx) => {
    await receiveStock(tx, { variantId, quantity: units })
    const lot = await createLot(tx, {
      showId,
      variantIds: [variantId],
      price: { amount: 1999, currency: 'EUR' },
      quota: units,
      perBuyer: 2,
    })
    await openLot(tx, { lotId: lot.id })
    return lot.id
  })
}

/** Same path, rights, token, validation and answer; no work. */
function noopRoute(kernel: Kernel) {
  const { reserveLot } = lots
  const text = act({ ...reserveLot, path: reserveLot.path, refusals: [] })
  const [lotId, variantId, id] = [kernel.ids.make('lot'), kernel.ids.make('variant'), kernel.ids.make('reservation')]
  const price = { amount: 1999, currency: 'EUR' }
  const answer = {
    lotId,
    variantId,
    quantity: 1,
    price,
    payFirst: false,
    reservation: { id, lotId, variantId, quantity: 1, price, takenAt: 0, expiresAt: 1, state: 'held' as const },
  }
  return bind.wire(text, async () => answer)
}

await using stack = new AsyncDisposableStack()
const kernel = await openKernel(stack, {
  config: readConfig({ EFIR_DATA: folder, EFIR_LOG: 'warn' }, []),
  log: openLog('warn'),
  databaseUrl,
})
await kernel.events.start()
const credentials = stack.use(
  openBetterAuth({ databaseUrl, secret: kernel.secret, newUserId: () => kernel.ids.make('person'), send: async () => undefined }),
)
const app = stack.use(await openApp(kernel, { credentials, media: noMedia }))
await kernel.jobs.start()
const lotId = await makeLot(kernel)
const noop = await openHttp({
  kernel,
  routes: [noopRoute(kernel)],
  places: {},
  authenticate: authenticator(kernel),
  rolesIn,
  throttle: openThrottle(kernel.clock, {}),
})
const bare = fastify()
bare.post('/api/lots/:lotId/reserve', { schema: { body: Type.Object({ quantity: Type.Integer() }) } }, async () => ({
  done: true,
}))
const listen = async (http: { listen: (o: object) => Promise<string>; server: { address: () => unknown } }): Promise<number> => {
  await http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 })
  return (http.server.address() as AddressInfo).port
}
const ready: ServerReady = {
  port: await listen(app.http),
  noopPort: await listen(noop),
  barePort: await listen(bare),
  lotId,
  secret: kernel.secret,
}
process.send?.(ready)
process.on('message', async (message: { do: 'count' }) => {
  if (message.do !== 'count') return
  const { units: held } = await kernel.db.one<{ units: number }>(sql`select count(*)::int as units from stock.reservation`)
  process.send?.({ held, desk: app.desk.metrics() })
})
await new Promise((resolve) => process.once('disconnect', resolve as () => void))
await Promise.all([noop.close(), bare.close()])
