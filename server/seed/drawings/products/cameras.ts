import type { Draw, ProductArt } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, type Pen, place, times } from '../svg.ts'

const lens = (pen: Pen, cx: number, cy: number, r: number): string =>
  `<circle cx="${cx}" cy="${cy}" r="${r}" fill="${pen.lin(60, '#5a6068', '#15171a')}"/><circle cx="${cx}" cy="${cy}" r="${r * 0.88}" fill="#06070a"/>
    <circle cx="${cx}" cy="${cy}" r="${r * 0.66}" fill="${pen.rad(0.4, 0.35, 0.8, '#4a6a94', '#16233a@0.55', '#05080f')}"/><circle cx="${cx}" cy="${cy}" r="${r * 0.36}" fill="${pen.rad(0.4, 0.4, 0.7, '#28406a', '#04060b')}"/>
    <ellipse cx="${cx - r * 0.26}" cy="${cy - r * 0.3}" rx="${r * 0.2}" ry="${r * 0.13}" fill="#dceaff" opacity=".85" transform="rotate(-35 ${cx - r * 0.26} ${cy - r * 0.3})"/><circle cx="${cx + r * 0.25}" cy="${cy + r * 0.28}" r="${r * 0.07}" fill="#b58cff" opacity=".8"/>`

const cameraBody = (pen: Pen, base: string): string =>
  `<rect x="52" y="44" width="30" height="12" rx="5" fill="${pen.lin(0, '#8d949c', '#4c5157')}"/><rect x="55" y="45.500" width="24" height="3" rx="1.500" fill="#fff" opacity=".3"/>
    <rect x="24" y="52" width="152" height="108" rx="20" fill="${pen.lin(70, lighten(base, 0.3), `${base}@0.35`, darken(base, 0.5))}"/>
    <rect x="25" y="53" width="150" height="106" rx="19.300" fill="none" stroke="#fff" stroke-opacity=".24" stroke-width="1.300"/>
    <path d="M30 78c1-12 8-20 22-20h60C74 62 46 84 36 132h-6z" fill="#fff" opacity=".08"/>`

const grip = (x: number, y: number, rows: number): string =>
  times(rows, (row) => times(5, (col) => `<circle cx="${x + col * 7}" cy="${y + row * 7}" r="1.700" fill="#000" opacity=".35"/>`))

const front =
  (withScreen: boolean): Draw =>
  (pen, { base, trim }) =>
    `<path d="M84 160h32v10l8 6c4 3 2 8-3 8H79c-5 0-7-5-3-8l8-6z" fill="${darken(base, 0.45)}"/>${cameraBody(pen, base)}
    <rect x="94" y="62" width="72" height="72" rx="18" fill="${pen.lin(60, '#2c3035', '#0e1012')}"/>${lens(pen, 130, 98, 31)}
    ${
      withScreen
        ? `<rect x="36" y="68" width="48" height="40" rx="8" fill="#07090b"/><path d="M38 98l12-12 9 8 8-10 15 16v0c0 4-3 6-6 6H44c-4 0-6-3-6-6z" fill="#4a8f8a" opacity=".9"/><circle cx="72" cy="78" r="4" fill="#ffd9a0"/>${grip(42, 120, 3)}`
        : `${grip(42, 74, 8)}<path d="M46 144h26" stroke="${trim}" stroke-width="3.600" stroke-linecap="round"/>`
    }
    <circle cx="90" cy="146" r="3.200" fill="#ff5a4e"/><circle cx="90" cy="146" r="6" fill="#ff5a4e" opacity=".22"/>
    <rect x="110" y="144" width="40" height="4" rx="2" fill="${trim}" opacity=".85"/>`

const cameraBack =
  (label: string): Draw =>
  (pen, { base }) =>
    `${cameraBody(pen, base)}<rect x="34" y="62" width="132" height="86" rx="12" fill="#050608"/>
    <g clip-path="${pen.clip('<rect x="38" y="66" width="124" height="78" rx="9"/>')}"><rect x="38" y="66" width="124" height="78" fill="${pen.lin(90, '#f7c79a', '#e99a7d@0.4', '#55808e@0.55', '#1c4a5c')}"/><circle cx="118" cy="98" r="11" fill="#fff1d6"/>
      <path d="M38 112c14-6 24 4 40 0s26-6 44 0 26 2 42-2v36H38z" fill="#2c6676"/><path d="M38 124c16-5 30 4 48 0s36-5 78 2v20H38z" fill="#1b4c5c"/><path d="M108 112h20M104 117h28M110 122h16" stroke="#ffe7c4" stroke-width="1.600" stroke-linecap="round" opacity=".8"/><path d="M52 112c6-22 16-34 26-38 2 14 8 26 18 38z" fill="#2a3b45"/></g>
    ${letters(label, 46, 79, { size: 7, colour: '#ffffff', weight: 2 })}<circle cx="150" cy="76" r="3" fill="#ff5a4e"/><path d="M44 138h60" stroke="#fff" stroke-width="1.800" stroke-linecap="round"/><path d="M104 138h52" stroke="#fff" stroke-opacity=".4" stroke-width="1.800" stroke-linecap="round"/>`

const blade = (pen: Pen, cx: number, cy: number, rx: number, ry: number): string =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${pen.rad(0.5, 0.5, 0.5, '#8a939c@0/0.5', '#8a939c@0.8/0.12', '#8a939c@1/0.3')}"/><path d="M${cx - rx} ${cy}c${rx * 0.6}-3 ${rx * 0.9}-2 ${rx} 0s${rx * 0.5} 3 ${rx} 0" fill="none" stroke="#3b4046" stroke-width="2.400" stroke-linecap="round" opacity=".8"/>`

const arm = (pen: Pen, base: string, path: string, mx: number, my: number): string =>
  `<path d="${path}" stroke="${darken(base, 0.42)}" stroke-width="9" stroke-linecap="round" fill="none"/><path d="${path}" stroke="${base}" stroke-width="5.500" stroke-linecap="round" fill="none"/>
    <rect x="${mx - 7}" y="${my - 9}" width="14" height="20" rx="4" fill="${pen.lin(0, lighten(base, 0.25), darken(base, 0.45))}"/>`

const droneFront: Draw = (pen, { base }) =>
  `${arm(pen, darken(base, 0.12), 'M76 84L44 66', 42, 64)}${arm(pen, darken(base, 0.12), 'M124 84L156 66', 158, 64)}${blade(pen, 42, 54, 36, 6)}${blade(pen, 158, 54, 36, 6)}
    <path d="M70 82c4-14 14-20 30-20s26 6 30 20l6 26c2 12-6 20-20 22H84c-14-2-22-10-20-22z" fill="${pen.lin(75, lighten(base, 0.6), `${lighten(base, 0.12)}@0.4`, darken(base, 0.4))}"/>
    <path d="M80 80c4-9 10-12 20-12s16 3 20 12" stroke="#fff" stroke-opacity=".6" fill="none" stroke-width="1.500"/><rect x="86" y="74" width="28" height="6" rx="3" fill="${darken(base, 0.5)}" opacity=".6"/>
    <path d="M68 102h64" stroke="${darken(base, 0.6)}" stroke-opacity=".35" stroke-width="1.500"/><circle cx="78" cy="114" r="5" fill="#0b0d10"/><circle cx="122" cy="114" r="5" fill="#0b0d10"/><circle cx="76.600" cy="112.600" r="1.500" fill="#9ec1ff"/><circle cx="120.600" cy="112.600" r="1.500" fill="#9ec1ff"/>
    ${arm(pen, base, 'M70 108L22 102', 20, 98)}${arm(pen, base, 'M130 108L178 102', 180, 98)}${blade(pen, 22, 86, 42, 8)}${blade(pen, 178, 86, 42, 8)}
    <path d="M86 126h28v10c0 8-6 12-14 12s-14-4-14-12z" fill="${darken(base, 0.5)}"/>${lens(pen, 100, 138, 13)}
    <path d="M28 112l-4 20M172 112l4 20" stroke="${darken(base, 0.4)}" stroke-width="5" stroke-linecap="round"/><circle cx="20" cy="109" r="2.400" fill="#63e0a0"/><circle cx="180" cy="109" r="2.400" fill="#63e0a0"/>`

const droneFolded: Draw = (pen, { base }) =>
  `<rect x="58" y="24" width="84" height="140" rx="26" fill="${pen.lin(20, lighten(base, 0.6), `${lighten(base, 0.1)}@0.45`, darken(base, 0.38))}"/>
    <rect x="46" y="34" width="17" height="112" rx="8" fill="${pen.lin(0, lighten(base, 0.3), darken(base, 0.4))}"/><rect x="137" y="34" width="17" height="112" rx="8" fill="${pen.lin(0, lighten(base, 0.1), darken(base, 0.5))}"/>
    <circle cx="54" cy="42" r="10" fill="${darken(base, 0.45)}"/><circle cx="146" cy="42" r="10" fill="${darken(base, 0.45)}"/><circle cx="54" cy="140" r="10" fill="${darken(base, 0.45)}"/><circle cx="146" cy="140" r="10" fill="${darken(base, 0.45)}"/>
    <path d="M54 42C44 70 44 96 52 122M146 42c10 28 10 54 2 80" stroke="#2c3035" stroke-width="5" fill="none" stroke-linecap="round"/>
    <rect x="76" y="44" width="48" height="70" rx="12" fill="#000" opacity=".1"/>${times(4, (i) => `<circle cx="${88 + i * 8}" cy="128" r="2" fill="${i < 3 ? '#63e0a0' : '#ffffff'}" opacity="${i < 3 ? 1 : 0.5}"/>`)}
    ${times(6, (i) => `<rect x="88" y="${54 + i * 5}" width="24" height="2" rx="1" fill="#000" opacity=".2"/>`)}${letters('249g', 100, 104, { size: 8, colour: darken(base, 0.6), weight: 2, anchor: 'middle' })}
    <path d="M84 160h32v8c0 9-6 14-16 14s-16-5-16-14z" fill="${darken(base, 0.5)}"/>${lens(pen, 100, 168, 12)}`

const held = { scale: 0.82, turn: -5, grip: [100, 162] } as const

export const cameras: Record<string, ProductArt> = {
  'grizzant-cam-4': {
    colours: { graphite: { base: '#4d5258', trim: '#ffb35c' } },
    front: front(true),
    detail: cameraBack('5.3K'),
    setting: 'sea',
    shadow: [100, 184, 56, 7],
    figures: [
      ['photo_resolution', 112, 84],
      ['frame_rate_4k', 150, 84],
      ['waterproof_depth_without_case', 46, 136],
      ['weight', 158, 136],
    ],
    held,
  },
  'grizzant-cam-3': {
    colours: { grey: { base: '#74797f', trim: '#8fd0c4' } },
    front: front(false),
    detail: (pen, tone) => place(cameraBack('4K')(pen, tone), 0, 0),
    setting: 'sea',
    shadow: [100, 184, 56, 7],
    figures: [
      ['photo_resolution', 112, 84],
      ['frame_rate_4k', 150, 84],
      ['waterproof_depth_without_case', 46, 136],
      ['weight', 158, 136],
    ],
    held,
  },
  'skirrin-mini-2': {
    colours: { grey: { base: '#b5bac0', trim: '#63e0a0' } },
    front: droneFront,
    detail: droneFolded,
    lift: 74,
    setting: 'forest',
    shadow: [100, 176, 62, 7],
    figures: [
      ['takeoff_weight', 78, 90],
      ['transmission_range', 158, 64],
      ['flight_time_typical', 40, 112],
      ['photo_resolution', 112, 140],
    ],
    held: { scale: 0.95, turn: -3, grip: [100, 142] },
  },
}
