import type { ProductArt, Tone } from './art.ts'
import { callouts } from './figures.ts'
import { beauty } from './products/beauty.ts'
import { cameras } from './products/cameras.ts'
import { clothes } from './products/clothes.ts'
import { home } from './products/home.ts'
import { mobility } from './products/mobility.ts'
import { outdoor } from './products/outdoor.ts'
import { phones } from './products/phones.ts'
import { power } from './products/power.ts'
import { sound } from './products/sound.ts'
import { wearables } from './products/wearables.ts'
import { backdrop, setting } from './studio.ts'
import { document, makePen, mix, type Pen, place } from './svg.ts'

export const VIEWS = ['main', 'detail', 'use', 'figures'] as const
export type ProductView = (typeof VIEWS)[number]

const ART: Record<string, ProductArt> = {
  ...wearables,
  ...sound,
  ...power,
  ...home,
  ...cameras,
  ...phones,
  ...mobility,
  ...beauty,
  ...clothes,
  ...outdoor,
}

export const artOf = (productId: string): ProductArt => {
  const art = ART[productId]
  if (art === undefined) throw new Error(`no drawing of ${productId}`)
  return art
}

export const coloursOf = (productId: string): readonly string[] => Object.keys(artOf(productId).colours)

export const toneOf = (productId: string, colour?: string): Tone => {
  const { colours } = artOf(productId)
  const tone = colours[colour ?? Object.keys(colours)[0] ?? '']
  if (tone === undefined) throw new Error(`${productId} is not made in ${colour}`)
  return tone
}

const ground = (pen: Pen, art: ProductArt, opacity = 0.34): string => {
  const [cx, cy, rx, ry] = art.shadow
  return `<ellipse cx="${cx + 6}" cy="${cy}" rx="${rx * 1.1}" ry="${ry}" fill="#1a0f08" opacity="${opacity}" filter="${pen.blur(6)}"/><ellipse cx="${cx}" cy="${cy - 1}" rx="${rx * 0.8}" ry="${ry * 0.45}" fill="#1a0f08" opacity="${opacity}" filter="${pen.blur(2)}"/>`
}

const VIEW: Record<ProductView, (pen: Pen, productId: string, art: ProductArt, tone: Tone) => string> = {
  main: (pen, _id, art, tone) =>
    `${backdrop(pen, mix(tone.base, '#c9ad8c', 0.55))}${place(`${ground(pen, art)}${art.front(pen, tone)}`, 86, 96, 3.14)}`,
  detail: (pen, _id, art, tone) =>
    art.bleeds
      ? `${backdrop(pen, mix(tone.trim, '#b9a6a0', 0.6))}${place(art.detail(pen, tone), 30, 60, 3.72)}`
      : `${backdrop(pen, mix(tone.trim, '#b9a6a0', 0.6))}${place(`<ellipse cx="104" cy="190" rx="84" ry="8" fill="#1a0f08" opacity=".2" filter="${pen.blur(7)}"/>${art.detail(pen, tone)}`, 90, 84, 3.1)}`,
  use: (pen, _id, art, tone) => {
    const scale = 2.5
    return `${setting(pen, art.setting)}${place(`${ground(pen, art, art.lift === undefined ? 0.5 : 0.25)}${place(art.front(pen, tone), 0, -(art.lift ?? 0))}`, 400 - 100 * scale, 690 - art.shadow[1] * scale, scale)}
      <rect width="800" height="800" fill="${pen.rad(0.4, 0.35, 0.85, '#fff3dc@0/0.12', '#000000@0.6/0', '#1a0c06@1/0.28')}"/>`
  },
  figures: (pen, id, art, tone) =>
    `${backdrop(pen, mix(tone.base, '#d8c7b0', 0.75))}${place(`${ground(pen, art, 0.22)}${art.front(pen, tone)}`, 150, 152, 2.5)}${callouts(id, art, tone)}`,
}

export type ProductPicture = { view: ProductView; colour?: string; size?: number }

/** A square picture of a product as SVG. `colour` is one of `coloursOf`; `size` is in pixels. */
export const drawProduct = (productId: string, { view, colour, size = 800 }: ProductPicture): string => {
  const pen = makePen()
  return document(pen, size, size, '0 0 800 800', VIEW[view](pen, productId, artOf(productId), toneOf(productId, colour)))
}

export const PRODUCT_IDS: readonly string[] = Object.keys(ART)
