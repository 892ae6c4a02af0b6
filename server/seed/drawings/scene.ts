import { fist, palm, wrist } from './hands.ts'
import { lookOf, ROOMS } from './hosts.ts'
import { type Pose, person } from './person.ts'
import { artOf, toneOf } from './product.ts'
import { room, table, wallClock } from './room.ts'
import { document, lighten, makePen, type Pen, place } from './svg.ts'

export type Aspect = 'portrait' | 'landscape'

/** What a host holds, with its hands; (0, 0) is the middle of the product. */
export const holding = (pen: Pen, hostId: string, productId: string, colour?: string): string => {
  const art = artOf(productId)
  const drawing = art.front(pen, toneOf(productId, colour))
  const { scale, turn, grip } = art.held
  if (art.worn) return wrist(pen, hostId, drawing)
  const hangs = grip[1] < 60
  const hand = hangs ? fist(pen, hostId) : palm(pen, hostId)
  const size = scale * 1.12
  const product = place(drawing, -100 * size, -100 * size, size)
  const [gx, gy] = [(grip[0] - 100) * size, (grip[1] - 100) * size]
  return `<g transform="rotate(${turn})">${place(hand.behind, gx, gy, 0.9)}${product}${place(hand.before, gx, gy, 0.9)}</g>`
}

export type ScenePlan = {
  hostId: string
  productId: string
  colour?: string
  also?: readonly string[]
  pose?: Pose
  clockSeconds?: number
}

type Layout = {
  w: number
  h: number
  host: [number, number, number]
  product: [number, number, number]
  clock: [number, number, number]
  table: number
}

export const LAYOUTS: Record<Aspect, Layout> = {
  portrait: { w: 540, h: 960, host: [232, 286, 1.42], product: [372, 540, 1.26], clock: [424, 108, 46], table: 838 },
  landscape: { w: 1280, h: 720, host: [470, 276, 1.62], product: [800, 452, 1.5], clock: [1010, 116, 50], table: 652 },
}

/** Things standing on the table, small, in the order of the show. */
export const shelfOf = (pen: Pen, products: readonly string[], w: number, y: number, scale: number): string =>
  products
    .map((id, i) => {
      const art = artOf(id)
      const x = w * ((i + 0.5) / products.length)
      return `${place(`<ellipse cx="100" cy="${art.shadow[1]}" rx="${art.shadow[2]}" ry="9" fill="#000" opacity=".5" filter="${pen.blur(6)}"/>${art.front(pen, toneOf(id))}`, x - 100 * scale, y - art.shadow[1] * scale, scale)}`
    })
    .join('')

/** A host in their room with a product: the cover of a show. Portrait is 540 by 960 units, landscape 1280 by 720. */
export const drawScene = (plan: ScenePlan & { aspect: Aspect; width?: number }): string => {
  const pen = makePen()
  const layout = LAYOUTS[plan.aspect]
  const look = lookOf(plan.hostId)
  const { w, h } = layout
  const [hx, hy, hs] = layout.host
  const [across, py, ps] = layout.product
  const px = across - (plan.aspect === 'landscape' && artOf(plan.productId).worn ? 70 : 0)
  const shade = pen.lin(90, '#000000@0/0', '#0d0705@0.55/0', '#0d0705@1/0.55')
  const body = `${room(pen, look.room, w, h)}${wallClock(pen, ...layout.clock, plan.clockSeconds ?? 36_560)}
    ${place(person(pen, plan.hostId, plan.pose ?? { tilt: -2 }), hx, hy, hs)}
    ${place(holding(pen, plan.hostId, plan.productId, plan.colour), px, py, ps)}
    ${table(pen, look.room, w, layout.table, h)}${shelfOf(pen, plan.also ?? [], w, layout.table + 52, plan.aspect === 'portrait' ? 0.62 : 0.6)}<rect width="${w}" height="${h}" fill="${shade}"/>`
  const width = plan.width ?? w
  return document(pen, width, Math.round((width * h) / w), `0 0 ${w} ${h}`, body)
}

/** A square portrait. */
export const drawHost = (hostId: string, { size = 512 }: { size?: number } = {}): string => {
  const pen = makePen()
  const [light, shade] = ROOMS[lookOf(hostId).room]
  const body = `<rect x="-110" y="-128" width="220" height="220" fill="${pen.rad(0.35, 0.3, 0.95, lighten(light, 0.25), `${light}@0.5`, shade)}"/><circle cx="-70" cy="-90" r="60" fill="#fff2d6" opacity=".35" filter="${pen.blur(16)}"/>${person(pen, hostId, { tilt: -2 })}`
  return document(pen, size, size, '-110 -128 220 220', body)
}
