import { setTimeout as pause } from 'node:timers/promises'
import { type Ctx, type Kernel, openCtx, systemActor, type Tx } from '../src/kernel/context.ts'
import { keepPicture } from '../src/modules/catalog/verbs/pictures.ts'
import { arrangePictures } from '../src/modules/catalog/verbs/products.ts'
import { describePerson } from '../src/modules/identity/verbs/people.ts'
import { changeShop } from '../src/modules/identity/verbs/shops.ts'
import { coverShow } from '../src/modules/shows/verbs/cover.ts'
import { type SeedPicture, seedProduct, seedProducts } from './catalogue/products.ts'
import { drawProduct } from './drawings/product.ts'
import { drawHost, drawScene } from './drawings/scene.ts'
import { drawShop } from './drawings/shop.ts'
import { type DemoWorld, idOf, readSetting, writeSetting } from './facts.ts'
import { seedHosts } from './people.ts'
import { seedShops } from './shops.ts'
import { type SeedShow, seedShows } from './shows.ts'
import { trialShow } from './trial.ts'

/** Larger drawings cost seconds each and are never shown larger on a phone. */
const productSize = 800

/** One drawing and where it goes. Done ones are remembered by name, so a start after a kill goes on where it was. */
export interface PictureStep {
  readonly name: string
  readonly shopId: string
  readonly draw: () => string
  readonly put: (ctx: Ctx, pictureId: string, done: Readonly<Record<string, string>>) => Promise<void>
}

/** Everything to draw, most needed first: what the show on air needs, then covers and faces, then the rest of the catalogue. */
export function pictureSteps(world: DemoWorld): PictureStep[] {
  const onAir = seedShows.filter((s) => s.kind === 'always_on')
  const others = [...seedShows.filter((s) => s.kind !== 'always_on'), trialShow()]
  const first = new Set(onAir.flatMap((s) => s.lots.map((l) => l.productId)))
  const faces = seedProducts.filter((p) => !first.has(p.id)).flatMap((p) => productSteps(world, p.id).slice(0, 1))
  const rest = (own: boolean) =>
    seedProducts.filter((p) => first.has(p.id) === own).flatMap((p) => productSteps(world, p.id).slice(1))
  return [
    ...[...first].flatMap((id) => productSteps(world, id).slice(0, 1)),
    ...onAir.flatMap((s) => coverSteps(world, s)),
    ...seedHosts.map((h) => hostStep(world, h.id)),
    ...others.flatMap((s) => coverSteps(world, s)),
    ...seedShops.flatMap((s) => shopSteps(world, s.id)),
    ...faces,
    ...rest(true),
    ...rest(false),
  ]
}

const tx = async (ctx: Ctx, work: (tx: Tx) => Promise<unknown>): Promise<void> => void (await ctx.transaction(work))

function productSteps(world: DemoWorld, productId: string): PictureStep[] {
  const { pictures, shopId } = seedProduct(productId)
  return pictures.map((picture) => ({
    name: nameOf(productId, picture),
    shopId: idOf(world.shops, shopId),
    draw: () => drawProduct(productId, { view: picture.view, colour: picture.colour, size: productSize }),
    put: (ctx, _, done) => arrange(ctx, world, productId, done),
  }))
}
const nameOf = (productId: string, { view, colour }: SeedPicture) => `product/${productId}/${view}/${colour}`

/** All pictures of the product that are there by now, in the order of the gallery. */
async function arrange(ctx: Ctx, world: DemoWorld, productId: string, done: Readonly<Record<string, string>>): Promise<void> {
  const product = seedProduct(productId)
  const pictures = product.pictures.flatMap((picture, index) => {
    const id = done[nameOf(productId, picture)]
    if (id === undefined) return []
    const variant = index === 0 || picture.view !== 'main' ? undefined : product.variants.find((v) => v.colour === picture.colour)
    return [{ id, alt: product.title, ...(variant ? { variantId: idOf(world.variants, variant.sku) } : {}) }]
  })
  await tx(ctx, (t) => arrangePictures(t, { productId: idOf(world.products, productId), pictures }))
}

function hostStep(world: DemoWorld, hostId: string): PictureStep {
  return {
    name: `host/${hostId}`,
    shopId: firstShop(world),
    draw: () => drawHost(hostId, { size: 512 }),
    put: (ctx, id) => tx(ctx, (t) => describePerson(t, { personId: idOf(world.people, hostId), picture: baseOf(id) })),
  }
}

/** Pictures belong to a shop; those of people lie with the first. */
const firstShop = (world: DemoWorld) => idOf(world.shops, seedShops[0]?.id ?? '')
const baseOf = (pictureId: string) => `/pictures/${pictureId}`

function coverSteps(world: DemoWorld, show: SeedShow): PictureStep[] {
  const { hostId, productId, also } = show.cover
  const shopId = idOf(world.shops, show.producerShopId)
  const put =
    (side: 'cover' | 'coverWide'): PictureStep['put'] =>
    async (ctx, id) => {
      await tx(ctx, (t) => coverShow(t, { showId: idOf(world.shows, show.id), [side]: baseOf(id) }))
    }
  const scene = (aspect: 'portrait' | 'landscape', width: number) => () => drawScene({ hostId, productId, also, aspect, width })
  return [
    { name: `show/${show.id}/cover`, shopId, draw: scene('portrait', 640), put: put('cover') },
    { name: `show/${show.id}/wide`, shopId, draw: scene('landscape', 1280), put: put('coverWide') },
  ]
}

function shopSteps(world: DemoWorld, name: string): PictureStep[] {
  const shopId = idOf(world.shops, name)
  return [
    {
      name: `shop/${name}/logo`,
      shopId,
      draw: () => drawShop(name, { kind: 'logo', size: 320 }),
      put: (ctx, id) => tx(ctx, (t) => changeShop(t, { shopId, logo: baseOf(id) })),
    },
    {
      name: `shop/${name}/banner`,
      shopId,
      draw: () => drawShop(name, { kind: 'banner', size: 1280 }),
      put: (ctx, id) => tx(ctx, (t) => changeShop(t, { shopId, banner: baseOf(id) })),
    },
  ]
}

/** Draws what is missing, one at a time with a breath between, until done or told to stop. */
export async function drawPictures(kernel: Kernel, world: DemoWorld, signal: AbortSignal): Promise<number> {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'demo pictures' })
  const done: Record<string, string> = (await readSetting<Record<string, string>>(ctx, 'demo.pictures')) ?? {}
  let drawn = 0
  for (const step of pictureSteps(world)) {
    if (signal.aborted) return drawn
    if (done[step.name] !== undefined) continue
    const { id } = await keepPicture(ctx, { shopId: step.shopId, bytes: Buffer.from(step.draw()), trusted: 'svg' })
    done[step.name] = id
    await step.put(ctx, id, done)
    await writeSetting(ctx, 'demo.pictures', done)
    drawn++
    await pause(30, undefined, { ref: false })
  }
  return drawn
}
