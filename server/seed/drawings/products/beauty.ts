import type { Draw, ProductArt } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, mix, type Pen, times } from '../svg.ts'

const gold = (pen: Pen, trim: string): string =>
  pen.lin(0, darken(trim, 0.35), `${lighten(trim, 0.65)}@0.22`, `${trim}@0.45`, `${lighten(trim, 0.3)}@0.72`, darken(trim, 0.4))

const glassBody = (pen: Pen, base: string): string =>
  pen.lin(0, darken(base, 0.24), `${lighten(base, 0.75)}@0.24`, `${base}@0.55`, `${lighten(base, 0.3)}@0.8`, darken(base, 0.3))

const sun = (colour: string): string =>
  `<circle cx="100" cy="116" r="6.500" fill="${colour}"/>${times(12, (i) => `<rect x="99.300" y="${i % 2 ? 104 : 102.5}" width="1.400" height="4.500" rx=".7" fill="${colour}" transform="rotate(${i * 30} 100 116)"/>`)}`

const jar =
  (name: string, sub: string, mark: (colour: string) => string): Draw =>
  (pen, { base, trim }) => {
    const ink = mix(darken(base, 0.6), trim, 0.35)
    const label = base < '#8' ? lighten(trim, 0.4) : ink
    return `<path d="M38 98c0-8 6-13 14-13h96c8 0 14 5 14 13v56c0 16-12 26-28 26H66c-16 0-28-10-28-26z" fill="${glassBody(pen, base)}"/><path d="M38 98c0-8 6-13 14-13h96c8 0 14 5 14 13v10H38z" fill="#fff" opacity=".16"/>
    <path d="M48 100c-2 30-2 50 8 70" stroke="#fff" stroke-opacity=".8" stroke-width="5" fill="none" stroke-linecap="round" filter="${pen.blur(1.8)}"/>
    <path d="M42 56c0-8 5-12 12-12h92c7 0 12 4 12 12v24c0 7-4 11-12 11H54c-8 0-12-4-12-11z" fill="${gold(pen, trim)}"/><path d="M43 56c0-7 5-11 11-11h92c6 0 11 4 11 11-20 5-94 5-114 0z" fill="#fff" opacity=".38"/>
    ${times(26, (i) => `<rect x="${46 + i * 4.25}" y="64" width="1" height="22" fill="#000" opacity=".1"/>`)}
    ${mark(label)}${letters(name, 100, 146, { size: 9, colour: label, weight: 1.5, anchor: 'middle', spacing: 7 })}${letters(sub, 100, 160, { size: 5.5, colour: label, weight: 1.5, anchor: 'middle', spacing: 4, opacity: 0.85 })}`
  }

const moon = (colour: string): string =>
  `<path d="M104 104a12 12 0 1 0 8 18 10.500 10.500 0 0 1-8-18z" fill="${colour}"/><circle cx="113" cy="106" r="1.500" fill="${colour}"/><circle cx="119" cy="114" r="1" fill="${colour}"/>`

const openJar =
  (cream: string): Draw =>
  (pen, { base, trim }) =>
    `<ellipse cx="150" cy="56" rx="42" ry="17" fill="${darken(trim, 0.3)}"/><ellipse cx="150" cy="50" rx="42" ry="17" fill="${gold(pen, trim)}"/><ellipse cx="150" cy="49" rx="35" ry="13" fill="${pen.lin(60, lighten(trim, 0.5), trim)}"/>
    <path d="M22 100v44c0 24 34 36 72 36s72-12 72-36v-44z" fill="${glassBody(pen, base)}"/><ellipse cx="94" cy="100" rx="72" ry="32" fill="${pen.lin(90, lighten(base, 0.6), base)}"/><ellipse cx="94" cy="100" rx="62" ry="26" fill="${darken(cream, 0.14)}"/>
    <ellipse cx="94" cy="103" rx="60" ry="24" fill="${pen.rad(0.4, 0.3, 0.8, lighten(cream, 0.7), cream)}"/>
    <path d="M58 104c4-16 34-22 52-14s22 22 4 28-34 0-34-8 14-10 22-6 8 10 2 12" fill="none" stroke="${darken(cream, 0.12)}" stroke-width="4" stroke-linecap="round" opacity=".7"/><path d="M60 101c6-14 32-19 48-12" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" opacity=".9"/>
    <path d="M96 108c0-16 2-28 12-38 4 12 10 22 6 34-4 10-18 12-18 4z" fill="${pen.lin(60, '#ffffff', cream)}"/><path d="M34 124c4 20 14 32 32 40" stroke="#fff" stroke-opacity=".6" stroke-width="5" fill="none" stroke-linecap="round" filter="${pen.blur(2)}"/>`

const serum: Draw = (pen, { base, trim }) =>
  `<path d="M84 18c0-10 6-14 16-14s16 4 16 14v22H84z" fill="${pen.lin(0, '#2b2522', '#5d534c@0.3', '#1b1715')}"/><path d="M90 16c0-6 3-9 7-9" stroke="#fff" stroke-opacity=".3" stroke-width="2.500" fill="none" stroke-linecap="round"/>
    <rect x="79" y="38" width="42" height="24" rx="5" fill="${gold(pen, trim)}"/>${times(10, (i) => `<rect x="${82 + i * 4}" y="40" width="1" height="20" fill="#000" opacity=".14"/>`)}
    <path d="M82 62h36v6c0 6 6 8 14 11 10 4 14 9 14 18v74c0 11-7 17-18 17H72c-11 0-18-6-18-17V97c0-9 4-14 14-18 8-3 14-5 14-11z" fill="${glassBody(pen, base)}"/>
    <path d="M60 120h80v50c0 9-5 13-13 13H73c-8 0-13-4-13-13z" fill="${pen.lin(90, mix(base, '#ffce6a', 0.4), mix(base, '#b4571a', 0.5))}" opacity=".55"/><rect x="97" y="62" width="6" height="92" rx="3" fill="#fff" opacity=".35"/>
    <path d="M64 100c-3 26-3 50 2 74" stroke="#fff" stroke-opacity=".75" stroke-width="4.500" fill="none" stroke-linecap="round" filter="${pen.blur(1.4)}"/>
    <rect x="68" y="106" width="64" height="56" rx="5" fill="#fffaf1" opacity=".94"/>${letters('C15', 100, 131, { size: 15, colour: '#8a4a16', weight: 2, anchor: 'middle' })}${letters('GLOW', 100, 143, { size: 5.5, colour: '#8a4a16', weight: 1.6, anchor: 'middle', spacing: 6 })}${letters('30 ml', 100, 155, { size: 4.5, colour: '#8a4a16', weight: 1.6, anchor: 'middle', opacity: 0.7 })}`

const dropper: Draw = (pen, { base, trim }) =>
  `<g transform="rotate(24 100 100)"><path d="M82 0c0-10 8-14 18-14s18 4 18 14v36H82z" fill="${pen.lin(0, '#2b2522', '#6b6058@0.3', '#1b1715')}"/><rect x="76" y="34" width="48" height="26" rx="5" fill="${gold(pen, trim)}"/>
    <path d="M90 60h20v66l-6 22h-8l-6-22z" fill="#fff" opacity=".5"/><path d="M91.500 84h17v41l-6 21h-5l-6-21z" fill="${pen.lin(0, mix(base, '#ffd98a', 0.6), base)}"/><path d="M94 64v60" stroke="#fff" stroke-opacity=".85" stroke-width="2.400"/></g>
    <path d="M72 158c0-8 6-12 8-20 3 8 9 12 9 20a8.500 8.500 0 0 1-17 0z" fill="${pen.rad(0.35, 0.6, 0.8, '#ffe6ae', mix(base, '#e08a2a', 0.4))}"/><ellipse cx="77" cy="158" rx="2" ry="4" fill="#fff" opacity=".85"/>
    <ellipse cx="84" cy="186" rx="38" ry="8" fill="${mix(base, '#ffce6a', 0.4)}" opacity=".75"/><ellipse cx="76" cy="184" rx="14" ry="2.600" fill="#fff" opacity=".7"/>`

const held = { scale: 0.78, turn: 6, grip: [100, 174] } as const

export const beauty: Record<string, ProductArt> = {
  'elmirave-day-cream': {
    colours: { standard: { base: '#efe2cf', trim: '#c1925c' } },
    front: jar('AURORA', 'SPF 30', sun),
    detail: openJar('#fbf1e2'),
    setting: 'bath',
    shadow: [100, 181, 64, 8],
    figures: [
      ['spf', 88, 116],
      ['volume', 150, 70],
      ['niacinamide_concentration', 58, 150],
      ['hydration_duration', 146, 150],
    ],
    held,
  },
  'elmirave-night-cream': {
    colours: { standard: { base: '#3c4673', trim: '#b9b3c9' } },
    front: jar('LUNA', 'NIGHT', moon),
    detail: openJar('#ece8f2'),
    setting: 'bath',
    shadow: [100, 181, 64, 8],
    figures: [
      ['retinol_concentration', 88, 116],
      ['volume', 150, 70],
      ['ceramide_concentration', 58, 150],
      ['hydration_duration', 146, 150],
    ],
    held,
  },
  'elmirave-vitc-serum': {
    colours: { standard: { base: '#d68a3c', trim: '#cfa76a' } },
    front: serum,
    detail: dropper,
    setting: 'bath',
    shadow: [100, 189, 50, 7],
    figures: [
      ['vitamin_c_concentration', 62, 120],
      ['drops_per_use', 104, 34],
      ['ferulic_acid_concentration', 66, 166],
      ['volume', 138, 150],
    ],
    held: { scale: 0.8, turn: 6, grip: [100, 180] },
  },
}
