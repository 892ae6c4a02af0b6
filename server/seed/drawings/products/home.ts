import type { Draw, ProductArt } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, type Pen, times } from '../svg.ts'

const disc = (pen: Pen, base: string, cx: number, cy: number, rx: number, ry: number, height: number): string =>
  `<path d="M${cx - rx} ${cy}v${height}c0 ${ry * 1.32} ${rx * 2} ${ry * 1.32} ${rx * 2} 0v-${height}z" fill="${pen.lin(0, darken(base, 0.3), `${lighten(base, 0.25)}@0.28`, `${base}@0.55`, darken(base, 0.55))}"/>
    <path d="M${cx - rx * 0.72} ${cy + height + ry * 0.62}c${rx * 0.4} ${ry * 0.42} ${rx * 1.04} ${ry * 0.42} ${rx * 1.44} 0" stroke="#000" stroke-opacity=".35" stroke-width="5" fill="none" stroke-linecap="round"/>
    <ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${pen.lin(60, lighten(base, 0.75), `${lighten(base, 0.2)}@0.45`, darken(base, 0.12))}"/><ellipse cx="${cx}" cy="${cy}" rx="${rx * 0.94}" ry="${ry * 0.93}" fill="none" stroke="#000" stroke-opacity=".1" stroke-width="1.300"/>`

const brush = (x: number, y: number): string =>
  times(
    3,
    (i) =>
      `<path d="M0 0L15 3" stroke="#4a4540" stroke-width="2.400" stroke-linecap="round" transform="translate(${x} ${y}) scale(1 .5) rotate(${i * 120 + 20})"/>`,
  )

const stationRobot: Draw = (pen, { base }) =>
  `<path d="M58 22c0-9 6-14 14-14h56c8 0 14 5 14 14v96H58z" fill="${pen.lin(0, lighten(base, 0.2), `${lighten(base, 0.6)}@0.3`, darken(base, 0.25))}"/><path d="M64 22c0-6 4-9 9-9h54c5 0 9 3 9 9v26H64z" fill="${pen.lin(90, lighten(base, 0.8), base)}"/>
    <path d="M64 48h72" stroke="#000" stroke-opacity=".16" stroke-width="1.500"/><rect x="92" y="28" width="16" height="5" rx="2.500" fill="#000" opacity=".18"/><path d="M66 76c0-8 6-12 12-12h44c6 0 12 4 12 12v46H66z" fill="${darken(base, 0.72)}"/><circle cx="126" cy="56" r="2.200" fill="#63cf95"/>
    ${disc(pen, base, 100, 126, 76, 36, 20)}${brush(36, 158)}
    <path d="M78 112v8c0 14 44 14 44 0v-8z" fill="#3b3632"/><ellipse cx="100" cy="112" rx="22" ry="10.500" fill="${pen.lin(60, '#6b645d', '#2c2825')}"/><ellipse cx="100" cy="111" rx="15" ry="6.500" fill="#1e1b19"/><ellipse cx="96" cy="109" rx="5" ry="1.800" fill="#fff" opacity=".35"/>
    <rect x="84" y="140" width="32" height="8" rx="4" fill="#fff" opacity=".75"/><circle cx="92" cy="144" r="1.800" fill="#57514b"/><circle cx="108" cy="144" r="1.800" fill="#57514b"/>
    <path d="M38 112c14-16 40-22 62-22-22 4-40 12-50 30z" fill="#fff" opacity=".45" filter="${pen.blur(2.5)}"/>`

const flatRobot: Draw = (pen, { base, trim }) =>
  `${disc(pen, base, 100, 100, 84, 46, 20)}${brush(32, 140)}
    <ellipse cx="100" cy="96" rx="50" ry="26" fill="${pen.lin(70, lighten(base, 0.12), darken(base, 0.5))}"/><ellipse cx="100" cy="96" rx="50" ry="26" fill="none" stroke="${trim}" stroke-width="1.800" opacity=".9"/>
    <ellipse cx="100" cy="96" rx="13" ry="7" fill="${darken(base, 0.4)}" stroke="#fff" stroke-opacity=".3"/><path d="M100 92v4" stroke="${trim}" stroke-width="2" stroke-linecap="round"/>
    <path d="M30 90c14-24 44-34 72-34-30 6-48 18-60 42z" fill="#fff" opacity=".28" filter="${pen.blur(3)}"/><rect x="88" y="128" width="24" height="6" rx="3" fill="#000" opacity=".35"/>`

const underside: Draw = (pen, { base }) =>
  `<circle cx="100" cy="100" r="84" fill="${pen.rad(0.4, 0.3, 0.85, lighten(base, 0.35), darken(base, 0.2))}"/><circle cx="100" cy="100" r="79" fill="${pen.rad(0.4, 0.35, 0.9, '#54504b', '#262321')}"/>
    <rect x="58" y="66" width="84" height="24" rx="12" fill="#151311"/>${times(9, (i) => `<path d="M${64 + i * 9} 68l6 20" stroke="${i % 2 ? '#d98a4e' : '#b7b0a6'}" stroke-width="3" stroke-linecap="round"/>`)}
    <rect x="32" y="88" width="22" height="42" rx="9" fill="#100f0e"/><rect x="146" y="88" width="22" height="42" rx="9" fill="#100f0e"/>${times(6, (i) => `<rect x="33" y="${92 + i * 6}" width="20" height="2.400" fill="#45403b"/><rect x="147" y="${92 + i * 6}" width="20" height="2.400" fill="#45403b"/>`)}
    <circle cx="100" cy="42" r="11" fill="#100f0e"/><circle cx="100" cy="42" r="6" fill="#6b655e"/><path d="M44 140a68 68 0 0 0 112 0z" fill="#7e9fc4"/><path d="M44 140a68 68 0 0 0 112 0z" fill="none" stroke="#fff" stroke-opacity=".3" stroke-dasharray="3 3" stroke-width="1.600"/>
    ${times(3, (i) => `<path d="M0 0L26 5" stroke="#e9e2d6" stroke-width="3" stroke-linecap="round" transform="translate(46 56) rotate(${i * 120})"/>`)}<circle cx="46" cy="56" r="5" fill="#e08a4e"/>`

const kettle: Draw = (pen, { base, trim }) =>
  `<ellipse cx="98" cy="178" rx="60" ry="12" fill="${pen.lin(0, '#3a3734', '#171514')}"/><ellipse cx="98" cy="175" rx="58" ry="10" fill="#4a4643"/>
    <path d="M136 62c30-10 44 12 40 44-3 26-16 40-30 40l-2-12c8-2 16-12 18-32 2-18-6-28-22-26z" fill="${pen.lin(0, '#3c3936', '#191716')}"/><path d="M140 68c20-6 32 8 30 36" stroke="#fff" stroke-opacity=".2" stroke-width="2" fill="none"/>
    <path d="M58 66L34 58c-4-1-6 3-3 6l26 26z" fill="${pen.lin(90, lighten(base, 0.5), darken(base, 0.35))}"/>
    <path d="M58 52h80c6 34 14 74 12 108-1 10-8 14-18 14H64c-10 0-17-4-18-14-2-34 6-74 12-108z" fill="${pen.lin(0, darken(base, 0.32), `${lighten(base, 0.7)}@0.2`, `${lighten(base, 0.1)}@0.42`, `${darken(base, 0.12)}@0.75`, darken(base, 0.5))}"/>
    <path d="M66 58c-6 32-11 66-10 98" stroke="#fff" stroke-opacity=".65" stroke-width="5" fill="none" filter="${pen.blur(1.8)}"/>
    <path d="M56 54c2-12 20-20 42-20s40 8 42 20z" fill="${pen.lin(90, lighten(base, 0.6), darken(base, 0.15))}"/><ellipse cx="98" cy="32" rx="11" ry="6" fill="${trim}"/><rect x="92" y="32" width="12" height="8" fill="${trim}"/><path d="M56 54h84" stroke="#000" stroke-opacity=".3" stroke-width="2"/>
    <rect x="76" y="142" width="44" height="16" rx="8" fill="#14161a"/>${letters('80°', 98, 154.5, { size: 8, colour: '#ffcf9a', weight: 2.1, anchor: 'middle' })}`

const kettleBase: Draw = (pen, { base }) =>
  `<ellipse cx="100" cy="124" rx="90" ry="52" fill="${pen.lin(0, '#2b2927', '#0f0e0d')}"/><ellipse cx="100" cy="116" rx="90" ry="52" fill="${pen.lin(60, '#5b5651', '#2a2725')}"/><ellipse cx="100" cy="110" rx="58" ry="32" fill="${pen.lin(80, darken(base, 0.2), lighten(base, 0.5))}"/><ellipse cx="100" cy="108" rx="54" ry="29" fill="#35312e"/>
    <ellipse cx="100" cy="106" rx="15" ry="8.500" fill="#12100f"/><ellipse cx="100" cy="104" rx="8" ry="4.500" fill="#b78f52"/>
    ${['40', '60', '80', '90', '100'].map((degrees, i) => `<rect x="${38 + i * 25}" y="${148 + (2 - Math.abs(i - 2)) * 5}" width="23" height="12" rx="6" fill="${i === 2 ? '#ffb978' : '#171513'}"/>${letters(degrees, 49.5 + i * 25, 157 + (2 - Math.abs(i - 2)) * 5, { size: 6, colour: i === 2 ? '#2a1606' : '#e7ded2', weight: 1.9, anchor: 'middle' })}`).join('')}`

const fryerShell = (pen: Pen, base: string): string =>
  `<path d="M42 56c0-24 24-40 58-40s58 16 58 40l6 108c.6 12-8 20-20 20H56c-12 0-20.600-8-20-20z" fill="${pen.lin(0, darken(base, 0.4), `${lighten(base, 0.35)}@0.24`, `${base}@0.55`, darken(base, 0.55))}"/>
    <path d="M52 58c2-18 20-30 44-32-20 8-30 24-32 60l-4 70h-12z" fill="#fff" opacity=".16" filter="${pen.blur(2)}"/>
    <ellipse cx="100" cy="42" rx="42" ry="16" fill="#14160f"/><ellipse cx="100" cy="40" rx="42" ry="15.500" fill="${pen.lin(90, '#2b2f26', '#15170f')}"/>${letters('180°', 100, 47, { size: 12, colour: '#e6f2d2', weight: 2, anchor: 'middle' })}`

const fryer: Draw = (pen, { base }) =>
  `${fryerShell(pen, base)}<path d="M40 92h120l4 70c.5 9-5 15-14 15H50c-9 0-14.500-6-14-15z" fill="#000" opacity=".2"/><path d="M41 92h118" stroke="#fff" stroke-opacity=".18" stroke-width="1.500"/>
    <rect x="58" y="100" width="84" height="34" rx="12" fill="#0d0b08"/><g clip-path="${pen.clip('<rect x="60" y="102" width="80" height="30" rx="10"/>')}"><rect x="58" y="100" width="84" height="34" fill="${pen.rad(0.5, 0.1, 0.9, '#ffb757', '#8d3f12@0.6', '#2a1206')}"/>${times(12, (i) => `<rect x="${60 + i * 6.8}" y="${114 + (i % 3) * 3}" width="5" height="22" rx="1.500" fill="${i % 2 ? '#f3c565' : '#e0a541'}" transform="rotate(${(i % 5) * 14 - 26} ${62 + i * 6.8} 124)"/>`)}</g><path d="M64 106h40" stroke="#fff" stroke-opacity=".3" stroke-width="2" stroke-linecap="round"/>
    <rect x="78" y="142" width="44" height="13" rx="6.500" fill="${pen.lin(90, '#f4ecdf', '#c3b7a4')}"/><rect x="88" y="152" width="24" height="26" rx="8" fill="${pen.lin(0, '#d9cfbf', '#a59883')}"/>`

const basket: Draw = (pen, { base }) =>
  `<path d="M22 92h132l-10 76c-1 8-6 12-14 12H46c-8 0-13-4-14-12z" fill="${pen.lin(0, darken(base, 0.35), `${lighten(base, 0.2)}@0.3`, darken(base, 0.5))}"/><path d="M146 108h34c8 0 12 4 12 9s-4 9-12 9h-36z" fill="${pen.lin(90, '#efe6d8', '#b3a692')}"/>
    <ellipse cx="88" cy="92" rx="66" ry="22" fill="#2a2825"/><ellipse cx="88" cy="95" rx="58" ry="17" fill="#161412"/>
    ${times(26, (i) => `<rect x="${36 + ((i * 37) % 100)}" y="${66 + ((i * 13) % 26)}" width="8" height="30" rx="2.500" fill="${['#f6cf74', '#e9b450', '#f9dc90'][i % 3]}" stroke="#b87a22" stroke-opacity=".4" transform="rotate(${((i * 47) % 120) - 60} ${40 + ((i * 37) % 100)} 84)"/>`)}
    <path d="M60 40c-6-10 6-14 0-24M88 36c-6-10 6-14 0-24M116 40c-6-10 6-14 0-24" stroke="#fff" stroke-opacity=".6" stroke-width="3.500" fill="none" stroke-linecap="round" filter="${pen.blur(1.5)}"/>
    <path d="M22 93c4 26 128 26 132 0l-3 22c-8 20-118 20-126 0z" fill="${pen.lin(0, darken(base, 0.25), `${lighten(base, 0.3)}@0.3`, darken(base, 0.45))}"/>`

const dryerHead = (pen: Pen, base: string, trim: string): string =>
  `<rect x="36" y="36" width="112" height="56" rx="24" fill="${pen.lin(90, lighten(base, 0.55), `${base}@0.45`, darken(base, 0.5))}"/><ellipse cx="40" cy="64" rx="13" ry="28" fill="${pen.lin(0, trim, darken(trim, 0.3))}"/><ellipse cx="37" cy="64" rx="9" ry="21" fill="#1a1618"/>${times(4, (i) => `<ellipse cx="37" cy="64" rx="${7.5 - i * 2}" ry="${18 - i * 4.6}" fill="none" stroke="#7a6f74" stroke-width="1"/>`)}
    <ellipse cx="146" cy="64" rx="13" ry="28" fill="${pen.rad(0.4, 0.3, 0.8, lighten(base, 0.3), darken(base, 0.4))}"/>${times(5, (i) => `<ellipse cx="148" cy="64" rx="${9 - i * 1.6}" ry="${22 - i * 4.4}" fill="none" stroke="#000" stroke-opacity=".28" stroke-width="1.200"/>`)}
    <path d="M52 46c20-6 60-6 84 0" stroke="#fff" stroke-opacity=".7" stroke-width="5" fill="none" stroke-linecap="round" filter="${pen.blur(1.5)}"/><path d="M64 37v54" stroke="${trim}" stroke-width="3.500"/>`

const dryer: Draw = (pen, { base, trim }) =>
  `<path d="M98 178c-4 14-24 6-28 14" stroke="#2a2527" stroke-width="5" fill="none" stroke-linecap="round"/><path d="M84 84h34l-4 88c0 8-5 12-12 12s-13-4-13-12z" fill="${pen.lin(0, lighten(base, 0.35), `${base}@0.45`, darken(base, 0.5))}"/>
    <rect x="97" y="106" width="9" height="26" rx="4.500" fill="${darken(base, 0.5)}"/><rect x="98.500" y="109" width="6" height="9" rx="3" fill="${trim}"/><circle cx="101.500" cy="142" r="4" fill="${darken(base, 0.4)}"/><circle cx="101.500" cy="154" r="4" fill="#9ed0f0"/>${dryerHead(pen, base, trim)}`

const dryerKit: Draw = (pen, { base, trim }) =>
  `<g transform="translate(30 -6) scale(.72)">${dryer(pen, { base, trim })}</g>
    <g transform="translate(0 20)"><path d="M22 124l34-10v54l-34-10c-4-10-4-24 0-34z" fill="${pen.lin(90, lighten(base, 0.35), darken(base, 0.35))}"/><ellipse cx="56" cy="141" rx="9" ry="27" fill="${darken(base, 0.3)}"/>
    <path d="M84 118h26l14 8v30l-14 8H84z" fill="${pen.lin(90, lighten(base, 0.3), darken(base, 0.4))}"/><ellipse cx="86" cy="141" rx="8" ry="22" fill="${darken(base, 0.35)}"/>
    <ellipse cx="162" cy="141" rx="28" ry="32" fill="${pen.rad(0.4, 0.35, 0.8, lighten(base, 0.4), darken(base, 0.3))}"/>${times(12, (i) => `<circle cx="162" cy="120" r="3.600" fill="${darken(base, 0.5)}" transform="rotate(${i * 30} 162 141)"/>`)}${times(6, (i) => `<circle cx="162" cy="131" r="2.800" fill="${darken(base, 0.5)}" transform="rotate(${i * 60} 162 141)"/>`)}</g>`

export const home: Record<string, ProductArt> = {
  'duskaro-r7': {
    colours: { white: { base: '#dcd5ca', trim: '#63cf95' }, black: { base: '#4a4745', trim: '#63cf95' } },
    front: stationRobot,
    detail: underside,
    setting: 'floor',
    shadow: [100, 180, 82, 12],
    figures: [
      ['suction_power_max', 44, 118],
      ['noise_level_quiet', 130, 56],
      ['dust_bag_volume', 66, 40],
      ['cleaning_area', 160, 130],
    ],
    held: { scale: 0.85, turn: 0, grip: [100, 172] },
  },
  'duskaro-r5': {
    colours: { black: { base: '#46474c', trim: '#8fd0c4' }, white: { base: '#dedad4', trim: '#d98a4e' } },
    front: flatRobot,
    detail: underside,
    setting: 'floor',
    shadow: [100, 158, 86, 14],
    figures: [
      ['suction_power_max', 60, 76],
      ['body_height', 176, 112],
      ['cleaning_area', 40, 128],
      ['runtime_quiet', 140, 140],
    ],
    held: { scale: 0.8, turn: 0, grip: [100, 150] },
  },
  'teplino-k17': {
    colours: {
      steel: { base: '#b9b7b4', trim: '#2b2826' },
      cream: { base: '#e3d5bd', trim: '#8b5e3b' },
      black: { base: '#3d3b3a', trim: '#c08a55' },
    },
    front: kettle,
    detail: kettleBase,
    setting: 'kitchen',
    shadow: [98, 184, 66, 9],
    figures: [
      ['volume', 60, 74],
      ['power', 136, 74],
      ['temperature_range', 80, 150],
      ['keep_warm_time', 136, 150],
    ],
    held: { scale: 0.84, turn: -4, grip: [98, 186] },
  },
  'frizzana-af6': {
    colours: { olive: { base: '#7d8b74', trim: '#e6ddd0' }, black: { base: '#45423f', trim: '#e6ddd0' } },
    front: fryer,
    detail: basket,
    setting: 'kitchen',
    shadow: [100, 184, 68, 9],
    figures: [
      ['volume', 58, 70],
      ['temperature_range', 128, 42],
      ['cooking_time_fries', 62, 122],
      ['noise_level', 152, 150],
    ],
    held: { scale: 0.82, turn: 3, grip: [100, 172] },
  },
  'soffiana-d2': {
    colours: {
      plum: { base: '#7b4f74', trim: '#d8b27a' },
      pearl: { base: '#e2d8cf', trim: '#c99f7a' },
      graphite: { base: '#55565c', trim: '#c0a070' },
    },
    front: dryer,
    detail: dryerKit,
    setting: 'bath',
    shadow: [98, 190, 48, 6],
    figures: [
      ['airflow_speed', 44, 52],
      ['weight', 140, 56],
      ['air_temperature_max', 92, 140],
      ['noise_level', 110, 166],
    ],
    held: { scale: 0.86, turn: 6, grip: [104, 182] },
  },
}
