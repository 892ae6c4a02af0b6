import { type SheetAttribute, sheetOf } from '../catalogue/sheets.ts'
import type { ProductArt, Tone } from './art.ts'
import { letters, widthOf } from './lettering.ts'
import { darken, mix, place } from './svg.ts'

const UNITS: Record<string, string> = {
  '[in_i]': 'in',
  'cd/m2': 'cd/m²',
  'mA.h': 'mAh',
  'W.h': 'Wh',
  'A.h': 'Ah',
  '1': '',
  Cel: '°C',
  m2: 'm²',
  mL: 'ml',
  '{Mpx}': 'MP',
  '{frame}/s': 'fps',
  deg: '°',
  TBy: 'TB',
  GBy: 'GB',
  'mm[H2O]': 'mm',
  'g/m2/d': 'g/m²',
  '[den]': 'den',
  '{rev}/min': 'rpm',
}
const QUALIFIERS: Record<string, string> = { up_to: '≤', max: '≤', min: '≥', typical: '≈' }

/** 24-grid strokes; the first whose pattern fits the key is taken. */
const ICONS: readonly (readonly [pattern: RegExp, path: string])[] = [
  [
    /spf/,
    'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400',
  ],
  [/concentration/, 'M9 3h6M10 3v6l-5 9c-1 2 0 3 2 3h10c2 0 3-1 2-3l-5-9V3M7.500 15h9'],
  [
    /hydration|drops|waterproof|water_resist/,
    'M12 3c4 5 6.500 8 6.500 11.500a6.500 6.500 0 0 1-13 0C5.500 11 8 8 12 3zM9 15a3 3 0 0 0 3 3',
  ],
  [
    /range_typical|transmission|area|floor/,
    'M5 19c6 0 2-8 7-8s1-7 7-7M5 21a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM19 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  ],
  [/display|laptop/, 'M4 5h16v11H4zM9 20h6M12 16v4'],
  [/battery|runtime|recording/, 'M3.500 8h14v8h-14zM20.500 10.500v3M6 10.500v3M9 10.500v3M12 10.500v3'],
  [
    /camera|photo|frame_rate/,
    'M3.500 8.500A2 2 0 0 1 5.500 6.500h2l1.500-2.500h6l1.500 2.500h2a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z',
  ],
  [/anc|noise/, 'M4 10v4h3l5 4V6l-5 4zM16 9a4 4 0 0 1 0 6M18.500 6.500a8 8 0 0 1 0 11'],
  [/charging|power|motor|energy/, 'M13 2.500L5 13.500h6l-1 8 8-11h-6z'],
  [/weight|max_load/, 'M6 9h12l2.500 11h-17zM12 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6z'],
  [/temperature/, 'M10 14V5a2 2 0 0 1 4 0v9a4 4 0 1 1-4 0zM12 10v7'],
  [/airflow|wind|speed|suction|breath/, 'M3 9h11a3 3 0 1 0-3-3M3 13h15a3 3 0 1 1-3 3M3 17h6'],
  [/time/, 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2'],
  [/volume|pockets|storage/, 'M5 8h14l-1.500 12h-11zM8.500 8V6.500a3.500 3.500 0 0 1 7 0V8'],
  [/sleeps/, 'M12 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM5 20c0-4 3-6.500 7-6.500s7 2.500 7 6.500'],
  [/recycled/, 'M6 19c-2-8 2-14 13-14 1 10-4 15-11 14zM6 19c2-5 5-8 9-10'],
  [/./, 'M3.500 15.500l12-12 5 5-12 12zM7 12l2 2M10 9l2 2M13 6l2 2'],
]

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, Math.abs(value) >= 10_000 ? ' ' : '')

/** The figure as it stands in the sheet: the sign of its qualifier, the number, the unit. */
export const figureText = (attribute: SheetAttribute): { value: string; unit: string } => {
  const unit = attribute.unit === undefined ? '' : (UNITS[attribute.unit] ?? attribute.unit)
  const sign = QUALIFIERS[attribute.qualifier ?? ''] ?? ''
  if (Array.isArray(attribute.value)) return { value: attribute.value.map((one) => grouped(Number(one))).join('–'), unit }
  return { value: `${sign}${sign === '' ? '' : ' '}${grouped(Number(attribute.value))}`, unit }
}

const iconOf = (key: string): string => ICONS.find(([pattern]) => pattern.test(key))?.[1] ?? ''

/** Four callouts around a product drawn at 110..690 of an 800 square; lines run to the points named in the art. */
export const callouts = (productId: string, art: ProductArt, tone: Tone): string => {
  const ink = darken(mix(tone.base, '#4a3b30', 0.5), 0.78)
  const soft = mix(ink, '#ffffff', 0.28)
  const sheet = sheetOf(productId)
  return art.figures
    .map(([key, px, py], index) => {
      const attribute = sheet.attributes.find((one) => one.key === key)
      if (attribute === undefined) throw new Error(`${productId} has no ${key}`)
      const right = index % 2 === 1
      const [edge, top] = [right ? 752 : 48, index < 2 ? 62 : 636]
      const { value, unit } = figureText(attribute)
      const [big, small] = [
        { size: 36, colour: ink, weight: 2.1 },
        { size: 23, colour: soft, weight: 1.8 },
      ]
      const [valueWidth, unitWidth] = [widthOf(value, big), unit === '' ? 0 : widthOf(unit, small) + 14]
      const left = right ? edge - valueWidth - unitWidth : edge
      const icon = place(
        `<g fill="none" stroke="${soft}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"><path d="${iconOf(key)}"/></g>`,
        right ? edge - 42 : edge - 2,
        top - 14,
        1.75,
      )
      const target: [number, number] = [150 + px * 2.5, 152 + py * 2.5]
      const start: [number, number] = [
        right ? edge - (valueWidth + unitWidth) * 0.6 : edge + (valueWidth + unitWidth) * 0.6,
        index < 2 ? top + 94 : top - 30,
      ]
      return `${icon}${letters(value, left, top + 76, big)}${unit === '' ? '' : letters(unit, left + valueWidth + 14, top + 76, small)}
      <path d="M${start[0]} ${start[1]}L${target[0]} ${target[1]}" stroke="${ink}" stroke-width="2.4" opacity=".75"/><circle cx="${target[0]}" cy="${target[1]}" r="6.500" fill="${ink}"/><circle cx="${target[0]}" cy="${target[1]}" r="11" fill="none" stroke="#fff" stroke-width="2.500" opacity=".9"/>`
    })
    .join('')
}
