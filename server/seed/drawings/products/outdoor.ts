import type { Draw, ProductArt } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, type Pen, times } from '../svg.ts'

const fabric = (pen: Pen, base: string): string =>
  pen.lin(0, darken(base, 0.4), `${lighten(base, 0.25)}@0.26`, `${base}@0.55`, darken(base, 0.5))

const pack: Draw = (pen, { base, trim }) =>
  `<path d="M42 60c-16 20-16 80-6 108M158 60c16 20 16 80 6 108" stroke="${darken(base, 0.5)}" stroke-width="9" fill="none" stroke-linecap="round"/><path d="M82 24c0-18 36-18 36 0" fill="none" stroke="${darken(base, 0.5)}" stroke-width="7"/>
    <path d="M46 74c0-36 22-56 54-56s54 20 54 56v92c0 14-8 22-22 22H68c-14 0-22-8-22-22z" fill="${fabric(pen, base)}"/><path d="M58 70c2-26 18-40 40-42-18 8-28 22-30 46l-2 50h-9z" fill="#fff" opacity=".16" filter="${pen.blur(2.5)}"/>
    <path d="M56 74c6-20 20-30 44-30s38 10 44 30" stroke="#000" stroke-opacity=".4" stroke-width="2.600" fill="none"/><path d="M56 75.500c6-20 20-30 44-30s38 10 44 30" stroke="${trim}" stroke-width="1" fill="none" opacity=".8"/><rect x="138" y="72" width="5" height="12" rx="2" fill="${trim}"/>
    <path d="M58 112c0-6 4-9 10-9h64c6 0 10 3 10 9v56c0 8-5 12-12 12H70c-7 0-12-4-12-12z" fill="${pen.lin(90, lighten(base, 0.14), darken(base, 0.3))}"/><path d="M58 118h84" stroke="#000" stroke-opacity=".35" stroke-width="2.600"/><path d="M58 119.500h84" stroke="${trim}" stroke-width="1" opacity=".8"/><rect x="128" y="116" width="5" height="13" rx="2" fill="${trim}"/>
    <path d="M46 132c-8 4-8 40 2 48M154 132c8 4 8 40-2 48" stroke="${darken(base, 0.45)}" stroke-width="6" fill="none"/><rect x="40" y="92" width="14" height="5" rx="2.500" fill="${darken(base, 0.55)}"/><rect x="146" y="92" width="14" height="5" rx="2.500" fill="${darken(base, 0.55)}"/>
    <rect x="86" y="142" width="28" height="18" rx="4" fill="${trim}"/><path d="M92 156l5-8 4 5 3-4 4 7z" fill="${darken(base, 0.4)}"/><rect x="94" y="62" width="12" height="20" rx="3" fill="none" stroke="${trim}" stroke-width="2.400"/>`

const packBack: Draw = (pen, { base, trim }) =>
  `<path d="M82 22c0-18 36-18 36 0" fill="none" stroke="${darken(base, 0.5)}" stroke-width="7"/><path d="M46 70c0-34 22-54 54-54s54 20 54 54v98c0 14-8 22-22 22H68c-14 0-22-8-22-22z" fill="${darken(base, 0.35)}"/><rect x="58" y="40" width="84" height="138" rx="20" fill="${darken(base, 0.55)}"/>
    ${times(2, (i) => `<path d="M${i ? 140 : 60} 44c${i ? -16 : 16} 20 ${i ? -16 : 16} 90 ${i ? 2 : -2} 128" stroke="${fabric(pen, base)}" stroke-width="17" fill="none" stroke-linecap="round"/><path d="M${i ? 137 : 63} 54c${i ? -12 : 12} 20 ${i ? -12 : 12} 70 0 104" stroke="#fff" stroke-opacity=".18" stroke-width="2" stroke-dasharray="4 4" fill="none"/>`)}
    <rect x="70" y="92" width="60" height="6" rx="3" fill="${trim}"/><rect x="93" y="88" width="14" height="14" rx="4" fill="#1b1a1a"/>${times(5, (i) => `<rect x="84" y="${112 + i * 12}" width="32" height="5" rx="2.500" fill="#000" opacity=".35"/>`)}
    <rect x="60" y="160" width="80" height="14" rx="4" fill="${base}"/><rect x="60" y="160" width="80" height="3" rx="1.500" fill="#fff" opacity=".2"/>`

const tent: Draw = (pen, { base, trim }) =>
  `<path d="M14 166C40 122 62 62 92 34c10-4 22-4 32 2 28 30 48 84 64 128z" fill="${pen.lin(15, lighten(base, 0.3), `${base}@0.4`, darken(base, 0.45))}"/>
    <path d="M92 34C70 78 54 126 52 168H14C40 122 62 62 92 34z" fill="${pen.lin(30, lighten(base, 0.4), base)}"/><path d="M124 36c24 38 44 90 46 130l18-2C172 120 152 66 124 36z" fill="${darken(base, 0.35)}"/>
    <path d="M108 62c-16 30-28 68-32 105h62c-2-38-12-76-30-105z" fill="${pen.lin(90, darken(trim, 0.72), darken(trim, 0.4))}"/><path d="M108 62c-16 30-28 68-32 105h16c2-38 8-74 16-105z" fill="${lighten(base, 0.16)}"/><path d="M108 62c12 28 20 66 22 105h8c-2-38-12-76-30-105z" fill="${darken(base, 0.22)}"/>
    <path d="M92 34C66 80 50 126 46 168M124 36c20 36 40 88 44 130M92 34c10-5 22-5 32 2" stroke="${trim}" stroke-width="2.600" fill="none" stroke-linecap="round"/><path d="M92 35C70 80 56 126 54 166" stroke="#fff" stroke-opacity=".3" stroke-width="1.600" fill="none"/>
    <path d="M40 128L6 172M172 118l24 50" stroke="#efe8d8" stroke-width="1.200"/><path d="M4 172l5-6M198 170l-5-6" stroke="#8b857a" stroke-width="3" stroke-linecap="round"/>
    <ellipse cx="107" cy="158" rx="22" ry="6" fill="#ffd694" opacity=".55" filter="${pen.blur(3)}"/><circle cx="107" cy="92" r="4.500" fill="#ffe6b0"/><circle cx="107" cy="92" r="13" fill="#ffd694" opacity=".4" filter="${pen.blur(3)}"/><path d="M60 96c4-10 9-20 14-28" stroke="#fff" stroke-opacity=".5" stroke-width="4" stroke-linecap="round" fill="none" filter="${pen.blur(1.5)}"/>`

const packedTent: Draw = (pen, { base, trim }) =>
  `<rect x="16" y="66" width="168" height="72" rx="34" fill="${pen.lin(90, lighten(base, 0.4), `${base}@0.4`, darken(base, 0.5))}"/><ellipse cx="160" cy="102" rx="24" ry="35" fill="${pen.rad(0.4, 0.35, 0.8, lighten(base, 0.15), darken(base, 0.45))}"/>${times(8, (i) => `<path d="M160 102L160 72" stroke="#000" stroke-opacity=".2" stroke-width="2" transform="translate(160 102) scale(.68 1) rotate(${i * 45}) translate(-160 -102)"/>`)}<circle cx="160" cy="102" r="5" fill="${trim}"/>
    <rect x="44" y="65" width="12" height="74" rx="4" fill="${darken(base, 0.55)}"/><rect x="108" y="65" width="12" height="74" rx="4" fill="${darken(base, 0.55)}"/><rect x="42" y="92" width="16" height="14" rx="3" fill="${trim}"/><rect x="106" y="92" width="16" height="14" rx="3" fill="${trim}"/><path d="M50 64c6-22 58-22 64 0" stroke="${darken(base, 0.5)}" stroke-width="6" fill="none"/>
    <path d="M30 82c20-8 100-8 116-2" stroke="#fff" stroke-opacity=".4" stroke-width="5" fill="none" stroke-linecap="round" filter="${pen.blur(2)}"/>${letters('2.9 kg', 82, 124, { size: 8, colour: lighten(base, 0.75), weight: 2, anchor: 'middle' })}
    ${times(5, (i) => `<path d="M${30 + i * 13} 164l34-6" stroke="${i % 2 ? '#c9c6c0' : trim}" stroke-width="4" stroke-linecap="round"/>`)}${times(4, (i) => `<path d="M${128 + i * 14} 170l6-20M${125 + i * 14} 170h7" stroke="#a7a29a" stroke-width="3" stroke-linecap="round"/>`)}`

export const outdoor: Record<string, ProductArt> = {
  'nordrel-pack-28': {
    colours: {
      ocean: { base: '#5d7f8a', trim: '#e9d7b0' },
      moss: { base: '#75805a', trim: '#f0c98a' },
      black: { base: '#3f4145', trim: '#d98a4e' },
    },
    front: pack,
    detail: packBack,
    setting: 'forest',
    shadow: [100, 190, 60, 8],
    figures: [
      ['volume', 66, 60],
      ['laptop_size_max', 136, 60],
      ['weight', 62, 146],
      ['max_load', 138, 146],
    ],
    held: { scale: 0.92, turn: 3, grip: [100, 18] },
  },
  'nordrel-tent-3': {
    colours: { ochre: { base: '#d3a64c', trim: '#5b4a30' }, pine: { base: '#5d7a62', trim: '#d9b06a' } },
    front: tent,
    detail: packedTent,
    setting: 'forest',
    shadow: [100, 172, 92, 8],
    figures: [
      ['sleeps', 66, 84],
      ['waterproof_rating_fly', 146, 84],
      ['setup_time', 60, 140],
      ['inner_height', 108, 120],
    ],
    held: { scale: 0.9, turn: 0, grip: [100, 162] },
  },
}
