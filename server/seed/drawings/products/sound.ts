import type { Draw, ProductArt } from '../art.ts'
import { darken, lighten, type Pen, place } from '../svg.ts'

const shell = (pen: Pen, base: string): string =>
  pen.lin(55, lighten(base, 0.75), `${lighten(base, 0.2)}@0.35`, `${base}@0.65`, darken(base, 0.34))

/** One earbud with a stem, drawn around (0, 0); the nozzle looks to the left. */
const stemBud = (pen: Pen, base: string, stem = 46): string =>
  `<rect x="-2" y="2" width="14" height="${stem}" rx="7" fill="${pen.lin(0, lighten(base, 0.55), `${base}@0.5`, darken(base, 0.36))}"/>
    <rect x="1" y="${stem - 7}" width="8" height="4" rx="2" fill="${darken(base, 0.6)}" opacity=".8"/>
    <ellipse cx="-21" cy="4" rx="9" ry="11" fill="${pen.rad(0.35, 0.35, 0.8, '#6a645f', '#211e1c')}" transform="rotate(14 -21 4)"/>
    <ellipse cx="-24" cy="4.500" rx="3.600" ry="5" fill="#0c0b0b" transform="rotate(14 -24 4.500)"/>
    <ellipse cx="-3" cy="0" rx="20" ry="18.500" fill="${shell(pen, base)}"/>
    <ellipse cx="1" cy="-6.500" rx="9" ry="5" fill="#fff" opacity=".55" filter="${pen.blur(1.6)}"/>
    <rect x="-1" y="-1.500" width="10" height="3.400" rx="1.700" fill="${darken(base, 0.7)}" opacity=".75"/>`

const mirrored = (body: string): string => `<g transform="scale(-1 1)">${body}</g>`

const proFront: Draw = (pen, { base }) => {
  const body = shell(pen, base)
  return `<path d="M50 66c0-22 18-34 50-34s50 12 50 34v26H50z" fill="${pen.lin(90, darken(base, 0.12), lighten(base, 0.35))}"/>
    <path d="M58 68c0-18 14-28 42-28s42 10 42 28v24H58z" fill="${pen.lin(90, darken(base, 0.55), darken(base, 0.3))}"/>
    <path d="M46 94c0-6 4-10 10-10h88c6 0 10 4 10 10v34c0 26-20 42-54 42s-54-16-54-42z" fill="${body}"/>
    <path d="M50 92c2-4 6-5 10-5h80c4 0 8 1 10 5-14-3-86-3-100 0z" fill="${darken(base, 0.5)}" opacity=".55"/>
    <path d="M54 104c-2 30 8 50 34 58-18-12-26-32-24-60z" fill="#fff" opacity=".4" filter="${pen.blur(3)}"/>
    <circle cx="100" cy="132" r="2.600" fill="#5fc995"/><circle cx="100" cy="132" r="5" fill="#5fc995" opacity=".25"/>
    ${place(stemBud(pen, base, 40), 76, 62, 0.8, 4)}${place(mirrored(stemBud(pen, base, 40)), 124, 62, 0.8, -4)}
    <path d="M46 96c0-6 4-9 10-9h88c6 0 10 3 10 9v12c-16-6-92-6-108 0z" fill="${body}"/><path d="M48 95c2-5 6-6 10-6h84c4 0 8 1 10 6" stroke="#fff" stroke-opacity=".7" fill="none"/>`
}

const proDetail: Draw = (pen, { base }) =>
  `${place(stemBud(pen, base, 58), 82, 62, 1.75, 16)}${place(mirrored(stemBud(pen, base, 58)), 150, 104, 1.1, -20)}`

const liteFront: Draw = (pen, { base }) =>
  `<path d="M40 118C40 70 66 44 100 44s60 26 60 74c0 34-24 56-60 56s-60-22-60-56z" fill="${shell(pen, base)}"/>
    <path d="M41 106c30 10 88 10 118 0" stroke="${darken(base, 0.5)}" stroke-opacity=".5" stroke-width="1.600" fill="none"/><path d="M41 108c30 10 88 10 118 0" stroke="#fff" stroke-opacity=".5" stroke-width="1" fill="none"/>
    <path d="M58 96c4-22 18-38 36-42-10 10-18 26-20 44z" fill="#fff" opacity=".5" filter="${pen.blur(3.5)}"/>
    <rect x="92" y="119" width="16" height="5" rx="2.500" fill="${darken(base, 0.35)}" opacity=".5"/>
    ${place(stemBud(pen, base, 28), 44, 140, 0.86, -24)}${place(mirrored(stemBud(pen, base, 28)), 160, 142, 0.86, 22)}`

const liteDetail: Draw = (pen, { base }) =>
  `${place(stemBud(pen, base, 34), 74, 84, 1.7, -18)}${place(mirrored(stemBud(pen, base, 34)), 140, 110, 1.5, 20)}`

/** A stemless bud with a soft wing. */
const pebbleBud = (pen: Pen, base: string, trim: string): string =>
  `<path d="M14-20c12-14 26-4 22 8-2 8-10 10-16 8z" fill="${darken(trim, 0.15)}"/>
    <ellipse cx="-23" cy="8" rx="10" ry="12" fill="${pen.rad(0.35, 0.3, 0.85, lighten(trim, 0.3), darken(trim, 0.25))}" transform="rotate(20 -23 8)"/><ellipse cx="-27" cy="9" rx="3.600" ry="5" fill="#101010" transform="rotate(20 -27 9)"/>
    <circle r="24" fill="${pen.rad(0.35, 0.28, 0.9, lighten(base, 0.42), `${base}@0.5`, darken(base, 0.6))}"/>
    <circle r="15.500" cx="2" cy="-1" fill="${pen.lin(60, lighten(base, 0.22), darken(base, 0.45))}" stroke="${trim}" stroke-width="1.400"/>
    <path d="M-4-6l12 10M8-6L-4 4" stroke="${trim}" stroke-width="2.600" stroke-linecap="round"/>`

const kveddiFront: Draw = (pen, { base, trim }) =>
  `<ellipse cx="100" cy="70" rx="58" ry="40" fill="${pen.lin(90, lighten(base, 0.3), darken(base, 0.2))}"/><ellipse cx="100" cy="74" rx="49" ry="33" fill="${darken(base, 0.55)}"/>
    <path d="M74 64l52 20M126 64L74 84" stroke="${trim}" stroke-width="3" stroke-linecap="round" opacity=".28"/>
    <path d="M38 122c0-22 26-36 62-36s62 14 62 36v18c0 22-26 36-62 36s-62-14-62-36z" fill="${pen.lin(0, darken(base, 0.3), `${lighten(base, 0.25)}@0.3`, `${base}@0.6`, darken(base, 0.55))}"/>
    <ellipse cx="100" cy="122" rx="62" ry="36" fill="${pen.lin(90, lighten(base, 0.2), base)}"/><ellipse cx="100" cy="122" rx="54" ry="30" fill="${darken(base, 0.6)}"/>
    ${place(pebbleBud(pen, base, trim), 76, 116, 0.8, -10)}${place(mirrored(pebbleBud(pen, base, trim)), 126, 116, 0.8, 10)}
    <path d="M47 130c8 22 98 22 106 0 6 28-22 40-53 40s-59-12-53-40z" fill="${pen.lin(90, base, darken(base, 0.4))}" opacity=".92"/><path d="M48 132c10 20 94 20 104 0" stroke="#fff" stroke-opacity=".28" fill="none"/>
    <rect x="93" y="158" width="14" height="3.600" rx="1.800" fill="${trim}"/>`

const kveddiDetail: Draw = (pen, { base, trim }) =>
  `${place(pebbleBud(pen, base, trim), 78, 88, 1.9, -6)}${place(mirrored(pebbleBud(pen, base, trim)), 150, 140, 1.15, 18)}`

export const sound: Record<string, ProductArt> = {
  'lumbra-air-pro': {
    colours: { pearl: { base: '#e9e2d8', trim: '#c8bba8' }, graphite: { base: '#5b6067', trim: '#33373e' } },
    front: proFront,
    detail: proDetail,
    setting: 'desk',
    shadow: [100, 176, 60, 9],
    figures: [
      ['anc_depth', 74, 60],
      ['battery_life_anc_on', 126, 60],
      ['weight_earbud', 62, 140],
      ['battery_life_with_case_max', 140, 140],
    ],
    held: { scale: 0.9, turn: 4, grip: [100, 150] },
  },
  'lumbra-air-lite': {
    colours: {
      mint: { base: '#b7d8c8', trim: '#87ae9c' },
      white: { base: '#eceae6', trim: '#c9c5bf' },
      blue: { base: '#a9c3df', trim: '#7d9bbd' },
    },
    front: liteFront,
    detail: liteDetail,
    setting: 'street',
    shadow: [100, 180, 66, 9],
    figures: [
      ['battery_life_per_charge', 58, 132],
      ['weight_earbud', 146, 134],
      ['driver_diameter', 50, 150],
      ['battery_life_with_case_typical', 118, 150],
    ],
    held: { scale: 0.85, turn: 4, grip: [100, 156] },
  },
  'kveddi-buds-x': {
    colours: { black: { base: '#3a3c40', trim: '#c6e05a' }, plum: { base: '#5d4766', trim: '#f0b7a0' } },
    front: kveddiFront,
    detail: kveddiDetail,
    setting: 'street',
    shadow: [100, 180, 70, 9],
    figures: [
      ['anc_depth', 74, 112],
      ['battery_life_anc_on', 128, 112],
      ['driver_diameter', 66, 150],
      ['battery_life_with_case_typical', 140, 150],
    ],
    held: { scale: 0.85, turn: 4, grip: [100, 156] },
  },
}
