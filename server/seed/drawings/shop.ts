import { artOf, toneOf } from './product.ts'
import { darken, document, lighten, makePen, type Pen, place, times } from './svg.ts'

type ShopArt = {
  ground: readonly [string, string]
  ink: string
  mark: (pen: Pen, ink: string) => string
  products: readonly string[]
}

/** Marks are drawn around (0, 0) within a circle of radius 60. */
const SHOPS: Record<string, ShopArt> = {
  polden: {
    ground: ['#f6c56f', '#d9793a'],
    ink: '#3a1d0c',
    mark: (_pen, ink) =>
      `<path d="M-40 18a40 40 0 0 1 80 0z" fill="${ink}"/>${times(7, (i) => `<rect x="-4" y="-66" width="8" height="${i === 3 ? 22 : 15}" rx="4" fill="${ink}" transform="translate(0 18) rotate(${i * 30 - 90}) translate(0 6)"/>`)}<path d="M-58 32H58M-40 46H40" stroke="${ink}" stroke-width="7" stroke-linecap="round"/>`,
    products: ['ampelko-10k', 'orvik-pulse-3', 'orvik-pulse-2', 'ampelko-27k'],
  },
  'teply-dim': {
    ground: ['#e9d9bd', '#a9b48c'],
    ink: '#2f3d2a',
    mark: (pen, ink) =>
      `<path d="M-54 4L0-46 54 4" stroke="${ink}" stroke-width="12" fill="none" stroke-linecap="round" stroke-linejoin="round"/><path d="M-40 2v36c0 6 4 10 10 10h60c6 0 10-4 10-10V2L0-34z" fill="${ink}"/><circle cy="18" r="20" fill="#ffd38a" opacity=".5" filter="${pen.blur(5)}"/><path d="M-14 34V12a14 14 0 0 1 28 0v22z" fill="#ffcf86"/><path d="M0-2v36M-14 16h28" stroke="${ink}" stroke-width="4"/>`,
    products: ['duskaro-r7', 'teplino-k17', 'frizzana-af6', 'duskaro-r5'],
  },
  'maison-lumen': {
    ground: ['#cfd6ea', '#6f7fb3'],
    ink: '#1c2444',
    mark: (pen, ink) =>
      `<circle r="24" cy="-8" fill="${pen.rad(0.4, 0.35, 0.7, '#fff9e6', '#ffd98f')}"/><path d="M-50 46V-8a50 50 0 0 1 100 0v54" stroke="${ink}" stroke-width="11" fill="none" stroke-linecap="round"/><path d="M-26 46V26M0 46V30M26 46V26" stroke="${ink}" stroke-width="9" stroke-linecap="round"/>`,
    products: ['lumbra-air-pro', 'zephrane-9', 'zephrane-9-max', 'lumbra-air-lite'],
  },
  'norte-abierto': {
    ground: ['#bfd3c3', '#4f7a6d'],
    ink: '#12302a',
    mark: (_pen, ink) =>
      `<path d="M-58 42L-18-22 4 12 20-10 58 42z" fill="${ink}"/><path d="M-30-2l12-20 12 19-6 6-6-7-6 7z" fill="#f4f7f2"/><circle cx="30" cy="-34" r="13" fill="#ffcf7a"/><path d="M-58 54h116" stroke="${ink}" stroke-width="6" stroke-linecap="round"/>`,
    products: ['nordrel-tent-3', 'nordrel-shell-jacket', 'nordrel-pack-28', 'grizzant-cam-4'],
  },
  'field-note': {
    ground: ['#e6c9b8', '#a8614e'],
    ink: '#33140f',
    mark: (_pen, ink) =>
      `<rect x="-40" y="-50" width="80" height="100" rx="14" fill="${ink}"/><path d="M-22-24h44M-22-6h30" stroke="#f6e7da" stroke-width="6" stroke-linecap="round"/><path d="M-16 34c-4-24 12-40 40-38 0 26-14 42-40 38zm0 0c8-14 16-20 26-26" fill="#e9b478" stroke="${ink}" stroke-width="3"/><path d="M-28-60v18M0-60v18M28-60v18" stroke="#f6e7da" stroke-width="5" stroke-linecap="round"/>`,
    products: ['paceto-run-2', 'skirrin-mini-2', 'tamzor-arc-one', 'paceto-trail-1'],
  },
  'jade-mirror': {
    ground: ['#d7e6dc', '#6fa48f'],
    ink: '#123a30',
    mark: (pen, ink) =>
      `<circle r="46" cy="-6" fill="none" stroke="${ink}" stroke-width="11"/><circle r="34" cy="-6" fill="${pen.lin(50, '#f4fbf6', '#a9d3c0')}"/><path d="M-18-26a28 28 0 0 1 20-8M-24-12a28 28 0 0 1 1-6" stroke="#fff" stroke-width="5" stroke-linecap="round" fill="none"/><path d="M-14 54c8-8 20-8 28 0" stroke="${ink}" stroke-width="10" stroke-linecap="round" fill="none"/><path d="M4 14c12-2 20-12 20-24-14 0-22 10-20 24z" fill="${ink}"/>`,
    products: ['elmirave-night-cream', 'elmirave-day-cream', 'elmirave-vitc-serum', 'alinette-midi-dress'],
  },
}

export const SHOP_IDS: readonly string[] = Object.keys(SHOPS)

const banner = (pen: Pen, art: ShopArt): string => {
  const [light, deep] = art.ground
  const goods = art.products
    .map((id, i) => {
      const one = artOf(id)
      const scale = 1.55
      return place(
        `<ellipse cx="106" cy="${one.shadow[1]}" rx="${one.shadow[2] * 1.1}" ry="9" fill="#1a0f08" opacity=".35" filter="${pen.blur(6)}"/>${one.front(pen, toneOf(id))}`,
        620 + i * 236 - 40,
        418 - one.shadow[1] * scale,
        scale,
      )
    })
    .join('')
  return `<rect width="1600" height="500" fill="${pen.rad(0.3, 0.2, 1, lighten(light, 0.6), `${light}@0.5`, deep)}"/><g filter="${pen.blur(22)}" fill="#fff" opacity=".3"><path d="M-80 300L620-160l90 60L-80 420zM200 620L1200-60l90 60L300 660z"/></g>
    <rect y="372" width="1600" height="128" fill="${pen.lin(90, `${darken(deep, 0.1)}@0/0.1`, `${darken(deep, 0.35)}@1/0.5`)}"/><circle cx="240" cy="230" r="150" fill="#fff" opacity=".35"/>${place(art.mark(pen, art.ink), 240, 232, 1.9)}${goods}`
}

/** The sign of a shop: a square logo or a wide banner (16:5). */
export const drawShop = (shopId: string, { kind = 'logo', size }: { kind?: 'logo' | 'banner'; size?: number } = {}): string => {
  const art = SHOPS[shopId]
  if (art === undefined) throw new Error(`no sign of ${shopId}`)
  const pen = makePen()
  if (kind === 'banner') return document(pen, size ?? 1600, Math.round((size ?? 1600) * 0.3125), '0 0 1600 500', banner(pen, art))
  const [light, deep] = art.ground
  return document(
    pen,
    size ?? 400,
    size ?? 400,
    '-100 -100 200 200',
    `<rect x="-100" y="-100" width="200" height="200" fill="${pen.rad(0.3, 0.2, 1, lighten(light, 0.5), `${light}@0.5`, deep)}"/>${place(art.mark(pen, art.ink), 0, 0, 1.05)}`,
  )
}
