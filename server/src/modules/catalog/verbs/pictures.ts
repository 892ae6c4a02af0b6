import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/catalog.ts'
import { pictureWidths } from '@efir/contract/pictures.ts'
import sharp from 'sharp'
import type { Wire } from '../../../kernel/bind.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { Refusal } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { PictureRow } from '../tables.ts'
import { pictureView } from '../views.ts'

/** 50 megapixels: a decompression bomb is refused before it is decoded. */
const maxPixels = 50_000_000
const formats = new Set(['jpeg', 'png', 'webp', 'avif', 'heif', 'gif'])

export async function addPicture(
  ctx: Ctx,
  input: In<typeof contract.addPicture>,
  wire: Wire,
): Promise<Out<typeof contract.addPicture>> {
  const file = wire.request.isMultipart() ? await wire.request.file() : undefined
  if (!file) throw new Refusal('bad_input', { field: 'file', problem: 'one file is needed' })
  return await keepPicture(ctx, { shopId: input.shopId, bytes: await file.toBuffer() })
}

/** The type is read from the bytes, never from the name; what is kept is encoded anew, without metadata. */
export async function keepPicture(
  ctx: Ctx,
  picture: { shopId: string; bytes: Uint8Array; trusted?: 'svg' },
): Promise<Out<typeof contract.addPicture>> {
  const { data, width, height, tint } = await decoded(picture.bytes, picture.trusted === 'svg')
  const id = ctx.ids.make('picture')
  for (const size of pictureWidths) {
    const file = await sharp(data)
      .resize({ width: size, withoutEnlargement: true })
      .webp({ quality: size > 400 ? 80 : 76, effort: 3 })
      .toBuffer()
    await ctx.storage.put(`pictures/${id}/${size}.webp`, file)
  }
  const row: Omit<PictureRow, 'shop_id' | 'product_id'> = {
    id,
    variant_id: null,
    key: `pictures/${id}`,
    width,
    height,
    alt: {},
    tint,
    position: 0,
  }
  await ctx.run(
    sql`insert into catalog.picture (id, shop_id, key, width, height, tint, created_at) values (${id}, ${picture.shopId}, ${row.key}, ${width}, ${height}, ${tint}, ${at(ctx.now())})`,
  )
  return pictureView(row)
}

async function decoded(
  bytes: Uint8Array,
  allowSvg: boolean,
): Promise<{ data: Buffer; width: number; height: number; tint: string }> {
  try {
    const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 })
    const { format } = await image.metadata()
    if (!format || !(formats.has(format) || (allowSvg && format === 'svg'))) throw new Refusal('picture_unreadable')
    const { data, info } = await image
      .rotate()
      .resize({ width: 1920, height: 2400, fit: 'inside', withoutEnlargement: true })
      .png({ compressionLevel: 1 })
      .toBuffer({ resolveWithObject: true })
    const { channels } = await sharp(data).stats()
    const tint = `#${channels
      .slice(0, 3)
      .map((c) => Math.round(c.mean).toString(16).padStart(2, '0'))
      .join('')}`
    return { data, width: info.width, height: info.height, tint: tint.length === 7 ? tint : '#cccccc' }
  } catch (problem) {
    if (problem instanceof Refusal) throw problem
    throw new Refusal('picture_unreadable')
  }
}
