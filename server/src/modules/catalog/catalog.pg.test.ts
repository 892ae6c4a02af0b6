import * as c from '@efir/contract/catalog.ts'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type TestPerson, type World } from '../../../test/world.ts'

let world: World
let shop: { id: string; owner: TestPerson }
beforeAll(async () => {
  world = await openWorld()
  shop = await world.shop()
})
afterAll(() => world[Symbol.asyncDispose]())

const make = (sku: string) =>
  world.must(shop.owner, c.createProduct, {
    shopId: shop.id,
    title: { en: 'Orvik Pulse 3' },
    variants: [{ sku, prices: [{ amount: 14900, currency: 'EUR' }] }],
  })

async function upload(bytes: Buffer, name: string, type: string) {
  const boundary = 'xEFIRx'
  const payload = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`,
    ),
    bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  return await world.app.http.inject({
    method: 'POST',
    url: `/api/shops/${shop.id}/pictures`,
    headers: {
      authorization: `Bearer ${shop.owner.token}`,
      'x-efir': '1',
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload,
  })
}

test('a product with the same name gets another address; the same SKU is refused', async () => {
  const one = await make('A-1')
  const two = await make('A-2')
  expect(two.slug).not.toBe(one.slug)
  expect(
    await world.call(shop.owner, c.createProduct, {
      shopId: shop.id,
      title: { en: 'Other' },
      variants: [{ sku: 'A-1', prices: [] }],
    }),
  ).toMatchObject({ refusal: 'sku_taken' })
})

test('a draft is not seen, a product without a price is not published', async () => {
  const bare = await world.must(shop.owner, c.createProduct, {
    shopId: shop.id,
    title: { en: 'Bare' },
    variants: [{ sku: 'B-1', prices: [] }],
  })
  expect(await world.call(null, c.productPage, { productId: bare.id })).toMatchObject({ refusal: 'not_found' })
  expect(await world.call(shop.owner, c.publishProduct, { productId: bare.id, state: 'published' })).toMatchObject({
    refusal: 'product_incomplete',
  })
  const good = await make('B-2')
  await world.must(shop.owner, c.publishProduct, { productId: good.id, state: 'published' })
  expect((await world.must(null, c.productPage, { productId: good.id })).price).toEqual({ amount: 14900, currency: 'EUR' })
  expect((await world.must(null, c.findProducts, { words: 'orvik pulse' })).items.map((p) => p.id)).toContain(good.id)
})

test('prices keep their history', async () => {
  const p = await make('H-1')
  const variantId = p.variantList[0]?.id as string
  await world.must(shop.owner, c.publishProduct, { productId: p.id, state: 'published' })
  await world.advance(86_400_000)
  await world.must(shop.owner, c.setPrice, { productId: p.id, variantId, price: { amount: 9900, currency: 'EUR' } })
  const { prices } = await world.must(null, c.priceHistory, { variantId, currency: 'EUR' })
  expect(prices.map((x) => x.price.amount)).toEqual([9900, 14900])
})

test('a sheet written over an older version is refused, so nobody overwrites unseen', async () => {
  const p = await make('S-1')
  const attributes = [{ key: 'weight', type: 'quantity' as const, value: 38, unit: 'g', label: { en: 'Weight' } }]
  expect((await world.must(shop.owner, c.writeSheet, { productId: p.id, overVersion: 0, attributes })).version).toBe(1)
  expect(await world.call(shop.owner, c.writeSheet, { productId: p.id, overVersion: 0, attributes })).toMatchObject({
    refusal: 'sheet_changed',
    params: { version: 1 },
  })
})

test('a picture is encoded anew: no metadata stays, no bomb and no script comes in', async () => {
  const photo = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#336699' } })
    .withExif({ IFD0: { Copyright: 'secret place' } })
    .jpeg()
    .toBuffer()
  const kept = await upload(photo, 'x.exe', 'application/octet-stream')
  expect(kept.statusCode).toBe(200)
  const picture = kept.json() as { id: string; base: string; width: number }
  expect(picture.width).toBe(800)
  const file = await world.app.http.inject({ url: `${picture.base}/640.webp` })
  const meta = await sharp(file.rawPayload).metadata()
  expect([meta.format, meta.width, meta.exif]).toEqual(['webp', 640, undefined])
  const svg = await upload(
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'x.png',
    'image/png',
  )
  expect(svg.json()).toMatchObject({ refusal: { code: 'picture_unreadable' } })
  expect((await upload(Buffer.from('not a picture'), 'x.jpg', 'image/jpeg')).json()).toMatchObject({
    refusal: { code: 'picture_unreadable' },
  })
})

test('another shop can neither read drafts nor change products or use pictures', async () => {
  const mine = await make('X-1')
  const other = await world.shop()
  for (const answer of [
    await world.call(other.owner, c.changeProduct, { productId: mine.id, brand: 'Mine' }),
    await world.call(other.owner, c.productEditor, { productId: mine.id }),
  ])
    expect(answer).toMatchObject({ refusal: 'not_found' })
})

test('a variant that gets another SKU stays the same variant and stays for sale; one left out is not sold any more', async () => {
  const product = await world.must(shop.owner, c.createProduct, {
    shopId: shop.id,
    title: { en: 'Kettle' },
    variants: ['K-1', 'K-2'].map((sku) => ({ sku, prices: [{ amount: 4900, currency: 'EUR' }] })),
  })
  const [first, second] = product.variantList
  const renamed = await world.must(shop.owner, c.setVariants, {
    productId: product.id,
    variants: [
      { id: first!.id, sku: 'K-1-BLACK', prices: [] },
      { id: second!.id, sku: 'K-2', prices: [] },
    ],
  })
  expect(renamed.variantList.map((v) => [v.id, v.sku, v.active])).toEqual([
    [first!.id, 'K-1-BLACK', true],
    [second!.id, 'K-2', true],
  ])
  const fewer = await world.must(shop.owner, c.setVariants, {
    productId: product.id,
    variants: [{ id: second!.id, sku: 'K-2', prices: [] }],
  })
  expect(fewer.variantList.filter((v) => v.active).map((v) => v.id)).toEqual([second!.id])
})

test('a form with files is no way around the checks of an act that takes none', async () => {
  const product = await make('F-1')
  const answer = await world.app.http.inject({
    method: 'POST',
    url: `/api/products/${product.id}/publish`,
    headers: {
      authorization: `Bearer ${shop.owner.token}`,
      'x-efir': '1',
      'content-type': 'multipart/form-data; boundary=x',
    },
    payload: '--x--\r\n',
  })
  expect([answer.statusCode, answer.json().refusal?.code]).toEqual([400, 'bad_input'])
})
