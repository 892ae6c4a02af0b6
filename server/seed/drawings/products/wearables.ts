import type { Draw, ProductArt, Tone } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, type Pen, times } from '../svg.ts'

const metal = (pen: Pen, trim: string): string =>
  pen.lin(45, lighten(trim, 0.65), `${darken(trim, 0.28)}@0.42`, `${lighten(trim, 0.5)}@0.7`, darken(trim, 0.42))

const strapFill = (pen: Pen, base: string): string =>
  pen.lin(0, darken(base, 0.5), `${base}@0.2`, `${lighten(base, 0.16)}@0.42`, `${base}@0.7`, darken(base, 0.55))

const strap = (pen: Pen, base: string): string => {
  const fill = strapFill(pen, base)
  const hole = (y: number) => `<rect x="96.500" y="${y}" width="7" height="3.400" rx="1.700" fill="#000" opacity=".34"/>`
  return `<path d="M72 68C72 44 77 22 80 8c.6-3 3-5 6-5h28c3 0 5.400 2 6 5 3 14 8 36 8 60z" fill="${fill}"/>
    <path d="M72 132c0 24 5 46 8 60 .6 3 3 5 6 5h28c3 0 5.400-2 6-5 3-14 8-36 8-60z" fill="${fill}"/>
    <path d="M78.500 60C79 40 82 22 84.500 9M121.500 60C121 40 118 22 115.500 9M78.500 140c.5 20 3.500 38 6 51M121.500 140c-.5 20-3.500 38-6 51" stroke="#fff" stroke-opacity=".13" fill="none"/>
    ${hole(160)}${hole(169)}${hole(178)}<rect x="78" y="16" width="44" height="8" rx="3" fill="${darken(base, 0.3)}" opacity=".75"/><rect x="78" y="16" width="44" height="1.600" rx=".8" fill="#fff" opacity=".16"/>`
}

const roundCase = (pen: Pen, trim: string): string =>
  `<path d="M68 70l10-14h44l10 14v60l-10 14H78l-10-14z" fill="${darken(trim, 0.45)}"/>
    <rect x="149" y="90" width="8.500" height="20" rx="3.500" fill="${metal(pen, trim)}"/>
    ${times(5, (i) => `<rect x="151" y="${92.5 + i * 3.3}" width="6.500" height="1.200" rx=".6" fill="#000" opacity=".22"/>`)}
    <rect x="147.500" y="70" width="5" height="12" rx="2.500" fill="${darken(trim, 0.3)}" transform="rotate(-28 150 76)"/>
    <circle cx="100" cy="100" r="53" fill="${metal(pen, trim)}"/><circle cx="100" cy="100" r="51.600" fill="none" stroke="#fff" stroke-opacity=".5" stroke-width=".7"/>
    <circle cx="100" cy="100" r="47" fill="#050608"/>`

const glass = (pen: Pen): string =>
  `<path d="M62 82a42 42 0 0 1 50-23c-20 3-40 14-50 23z" fill="#fff" opacity=".13"/>
    <circle cx="100" cy="100" r="45.500" fill="none" stroke="${pen.lin(60, '#ffffff@0/0.5', '#ffffff@0.5/0', '#ffffff@1/0.25')}" stroke-width="1.600"/>`

const dialThree = (pen: Pen): string =>
  `<circle cx="100" cy="100" r="44" fill="${pen.rad(0.4, 0.3, 0.9, '#26303b', '#0c0f13@0.6', '#050608')}"/>
    ${times(12, (i) => `<rect x="99.200" y="60.500" width="1.600" height="${i % 3 === 0 ? 6 : 3.6}" rx=".8" fill="#fff" opacity="${i % 3 === 0 ? 0.9 : 0.38}" transform="rotate(${i * 30} 100 100)"/>`)}
    <path d="M100 69.500a30.500 30.500 0 0 1 26.400 45.700" fill="none" stroke="#c9bcff" stroke-width="3.600" stroke-linecap="round"/>
    <path d="M95 70a30.500 30.500 0 0 0-24.400 38.100" fill="none" stroke="#8fd0c4" stroke-width="3.600" stroke-linecap="round"/>
    ${letters('10:09', 100, 104, { size: 13, colour: '#ffffff', weight: 2.3, anchor: 'middle' })}
    ${letters('FRI 21', 100, 113.5, { size: 4.8, colour: '#ffffff', weight: 1.7, anchor: 'middle', opacity: 0.7 })}
    <path d="M85 124h5l2.200-4.600 3.400 8.600 2.600-6 1.400 2h14" fill="none" stroke="#ff9fae" stroke-width="1.600" stroke-linecap="round" stroke-linejoin="round"/>`

const dialTwo = (pen: Pen): string =>
  `<circle cx="100" cy="100" r="44" fill="${pen.rad(0.5, 0.2, 1, '#3a4f86', '#1b2547@0.5', '#080b18')}"/>
    ${times(60, (i) => `<circle cx="100" cy="60" r="${i % 5 === 0 ? 1.3 : 0.6}" fill="#cfe0ff" opacity="${i < 40 ? 0.9 : 0.25}" transform="rotate(${i * 6} 100 100)"/>`)}
    ${letters('10', 100, 97, { size: 20, colour: '#f3f6ff', weight: 2.1, anchor: 'middle' })}
    ${letters('09', 100, 123, { size: 20, colour: '#9fc2ff', weight: 2.1, anchor: 'middle' })}
    <path d="M92 131.500h16" stroke="#9fd08f" stroke-width="2.400" stroke-linecap="round"/>`

const round =
  (dial: (pen: Pen) => string): Draw =>
  (pen, tone) =>
    `${strap(pen, tone.base)}${roundCase(pen, tone.trim)}${dial(pen)}${glass(pen)}`

const squareHands = (pen: Pen): string =>
  `<rect x="58" y="55" width="84" height="90" rx="21" fill="${pen.rad(0.42, 0.3, 0.95, '#3b4a46', '#151b1a@0.6', '#070908')}"/>
    ${times(12, (i) => `<rect x="99" y="${i % 3 === 0 ? 61 : 63}" width="2" height="${i % 3 === 0 ? 8 : 4}" rx="1" fill="#f5ead6" opacity="${i % 3 === 0 ? 0.95 : 0.5}" transform="rotate(${i * 30} 100 100)"/>`)}
    <circle cx="100" cy="124" r="9" fill="none" stroke="#f5ead6" stroke-opacity=".35"/><path d="M100 124v-7" stroke="#e8a45e" stroke-width="1.400" stroke-linecap="round"/>
    <g stroke-linecap="round"><path d="M100 100L82 82" stroke="#f8f2e6" stroke-width="4.200"/><path d="M100 100L123 74" stroke="#f8f2e6" stroke-width="3"/><path d="M94 109L118 68" stroke="#e8a45e" stroke-width="1.200"/></g>
    <circle cx="100" cy="100" r="3.600" fill="#e8a45e"/><path d="M64 72c2-10 8-14 18-14h34c-26 4-44 16-52 34z" fill="#fff" opacity=".11"/>`

const square: Draw = (pen, tone) =>
  `${strap(pen, tone.base)}
    <path d="M80 30C78 40 76.500 48 76.300 58M120 30c2 10 3.500 18 3.700 28" stroke="${lighten(tone.base, 0.5)}" stroke-width="1.100" stroke-dasharray="3 2.600" fill="none" opacity=".7"/>
    <path d="M80 170c-2-10-3.500-18-3.700-28M120 170c2-10 3.500-18 3.700-28" stroke="${lighten(tone.base, 0.5)}" stroke-width="1.100" stroke-dasharray="3 2.600" fill="none" opacity=".7"/>
    <rect x="148" y="88" width="9" height="18" rx="3.500" fill="${metal(pen, tone.trim)}"/><rect x="149" y="114" width="4" height="16" rx="2" fill="${darken(tone.trim, 0.3)}"/>
    <rect x="48" y="44" width="104" height="112" rx="31" fill="${metal(pen, tone.trim)}"/><rect x="49.300" y="45.300" width="101.400" height="109.400" rx="30" fill="none" stroke="#fff" stroke-opacity=".55" stroke-width=".8"/>
    <rect x="54.500" y="51" width="91" height="98" rx="24" fill="#050606"/>${squareHands(pen)}`

const back: Draw = (pen, tone) =>
  `${strap(pen, tone.base)}<path d="M68 70l10-14h44l10 14v60l-10 14H78l-10-14z" fill="${darken(tone.trim, 0.45)}"/>
    <rect x="42.500" y="90" width="8.500" height="20" rx="3.500" fill="${metal(pen, tone.trim)}"/>
    <circle cx="100" cy="100" r="53" fill="${metal(pen, tone.trim)}"/><circle cx="100" cy="100" r="46" fill="${pen.rad(0.4, 0.3, 0.9, lighten(tone.trim, 0.35), darken(tone.trim, 0.2))}"/>
    <circle cx="100" cy="100" r="45" fill="none" stroke="#000" stroke-opacity=".2" stroke-dasharray="2 3.800" stroke-width="1.400"/>
    <circle cx="100" cy="100" r="31" fill="${pen.rad(0.4, 0.3, 0.9, '#33383f', '#0c0e11')}"/>
    ${times(4, (i) => `<circle cx="100" cy="84" r="4.600" fill="${pen.rad(0.5, 0.5, 0.5, '#d9ffe9', '#3fd48f@0.5', '#0d3b28')}" transform="rotate(${i * 90 + 45} 100 100)"/>`)}
    <circle cx="100" cy="100" r="7" fill="#0a0c0f" stroke="#4b525b"/><path d="M82 78a28 28 0 0 1 30-4c-12 1-22 4-30 10z" fill="#fff" opacity=".16"/>
    <path d="M134 78a40 40 0 0 1 4 34" stroke="${pen.lin(90, '#f6e7c6', '#b99a62')}" stroke-width="4" fill="none" stroke-linecap="round"/><path d="M62 88a40 40 0 0 0 4 34" stroke="${pen.lin(90, '#f6e7c6', '#b99a62')}" stroke-width="4" fill="none" stroke-linecap="round"/>`

const squareBack: Draw = (pen, tone) =>
  `${strap(pen, tone.base)}<rect x="43" y="88" width="9" height="18" rx="3.500" fill="${metal(pen, tone.trim)}"/><rect x="48" y="44" width="104" height="112" rx="31" fill="${metal(pen, tone.trim)}"/><rect x="55" y="51" width="90" height="98" rx="25" fill="${pen.rad(0.4, 0.3, 0.9, lighten(tone.trim, 0.35), darken(tone.trim, 0.2))}"/>
    <circle cx="100" cy="100" r="33" fill="${pen.rad(0.4, 0.3, 0.9, '#33383f', '#0c0e11')}"/>${times(3, (i) => `<circle cx="100" cy="84" r="5" fill="${pen.rad(0.5, 0.5, 0.5, '#ffe3d9', '#ff6a4a@0.5', '#4a150d')}" transform="rotate(${i * 120 + 60} 100 100)"/>`)}<circle cx="100" cy="100" r="8" fill="#0a0c0f" stroke="#4b525b"/>
    <path d="M80 78a30 30 0 0 1 32-4c-12 1-23 4-32 10z" fill="#fff" opacity=".16"/>${times(4, (i) => `<circle cx="${i % 2 ? 136 : 64}" cy="${i < 2 ? 61 : 139}" r="2.600" fill="#000" opacity=".4"/>`)}`

const held = { scale: 0.9, turn: -8, grip: [100, 168] } as const
const shadow = [100, 193, 46, 7] as const
const titanium = '#bdb5aa'
const tones = (trim: string, ...pairs: (readonly [string, string])[]): Record<string, Tone> =>
  Object.fromEntries(pairs.map(([name, base]) => [name, { base, trim }]))

export const wearables: Record<string, ProductArt> = {
  'orvik-pulse-3': {
    colours: tones(titanium, ['graphite', '#3f444a'], ['sand', '#cdb592'], ['forest', '#4e6a5c']),
    front: round(dialThree),
    detail: back,
    setting: 'desk',
    shadow,
    worn: true,
    figures: [
      ['display_size', 78, 72],
      ['weight', 140, 68],
      ['water_resistance_depth', 66, 134],
      ['battery_life_typical', 136, 134],
    ],
    held,
  },
  'orvik-pulse-2': {
    colours: tones('#8f97a3', ['midnight', '#3b4a6b'], ['rose', '#c98f92']),
    front: round(dialTwo),
    detail: back,
    setting: 'forest',
    shadow,
    worn: true,
    figures: [
      ['display_size', 78, 72],
      ['weight', 140, 68],
      ['water_resistance_depth', 66, 134],
      ['battery_life_typical', 136, 134],
    ],
    held,
  },
  'tamzor-arc-one': {
    colours: tones('#d4d4d6', ['cognac', '#8a5334'], ['black', '#2b2a2c']),
    front: square,
    detail: squareBack,
    setting: 'desk',
    shadow,
    worn: true,
    figures: [
      ['display_size', 74, 66],
      ['storage_capacity', 138, 66],
      ['water_resistance_depth', 64, 136],
      ['battery_life_typical', 140, 136],
    ],
    held,
  },
}
