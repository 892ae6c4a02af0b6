import type { Draw, ProductArt } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, type Pen, times } from '../svg.ts'

const wheel = (pen: Pen, x: number, y: number): string =>
  `<circle cx="${x}" cy="${y}" r="21" fill="${pen.rad(0.4, 0.35, 0.75, '#4b4b50', '#161518')}"/><circle cx="${x}" cy="${y}" r="13" fill="${pen.lin(60, '#d9dadb', '#85888c')}"/><circle cx="${x}" cy="${y}" r="10.500" fill="#3a3b40"/>${times(5, (i) => `<path d="M${x} ${y}v-10" stroke="#c9cbce" stroke-width="3" transform="rotate(${i * 72} ${x} ${y})"/>`)}<circle cx="${x}" cy="${y}" r="4" fill="#e7e8e9"/>${times(18, (i) => `<path d="M${x} ${y - 21}v2.600" stroke="#000" stroke-opacity=".5" stroke-width="1.600" transform="rotate(${i * 20} ${x} ${y})"/>`)}`

const scooter: Draw = (pen, { base, trim }) =>
  `<path d="M18 150c2-16 14-24 28-22l-2 7c-10-2-18 4-20 15z" fill="${darken(base, 0.4)}"/>${wheel(pen, 40, 160)}${wheel(pen, 164, 160)}
    <path d="M164 160L150 98" stroke="${darken(base, 0.3)}" stroke-width="11" stroke-linecap="round"/>
    <path d="M44 142h84c8 0 12-4 14-12l8-22 10 4-10 30c-4 10-10 14-20 14H46c-8 0-10-14-2-14z" fill="${pen.lin(90, lighten(base, 0.35), `${base}@0.45`, darken(base, 0.5))}"/><path d="M48 142h78" stroke="#1b1a1c" stroke-width="4" stroke-linecap="round"/><path d="M52 150h72" stroke="${trim}" stroke-width="2.600" stroke-linecap="round"/>
    <path d="M154 116L128 26" stroke="${pen.lin(0, lighten(base, 0.4), darken(base, 0.4))}" stroke-width="10" stroke-linecap="round"/><path d="M151 112L126 28" stroke="#fff" stroke-opacity=".35" stroke-width="1.800" stroke-linecap="round"/><path d="M148 92l-2-8 9-2.500 2 8z" fill="${trim}"/>
    <path d="M164 138c8 0 18 6 22 16l-6 3c-4-8-10-11-18-11z" fill="${darken(base, 0.3)}"/>
    <path d="M128 26l-14-4c-8-2-12 2-16 6" stroke="${darken(base, 0.35)}" stroke-width="6" fill="none" stroke-linecap="round"/><path d="M108 22l-14 7" stroke="#1b1a1c" stroke-width="9" stroke-linecap="round"/><path d="M130 25l12 3" stroke="#1b1a1c" stroke-width="8" stroke-linecap="round"/>
    <rect x="120" y="14" width="20" height="11" rx="4" fill="#141519" transform="rotate(-14 130 19)"/><rect x="123" y="16.500" width="13" height="5.500" rx="2" fill="#9ff0d4" transform="rotate(-14 130 19)"/><circle cx="141" cy="42" r="5.500" fill="${pen.rad(0.5, 0.5, 0.5, '#ffffff', '#ffe9a8')}"/><path d="M146 42l40-8v18z" fill="#fff3c4" opacity=".28"/>
    <circle cx="22" cy="140" r="3" fill="#ff5a4e"/><path d="M84 156l-6 18" stroke="#55575c" stroke-width="3.500" stroke-linecap="round"/>`

const handlebar: Draw = (pen, { base, trim }) =>
  `<rect x="87" y="90" width="26" height="112" fill="${pen.lin(0, lighten(base, 0.4), darken(base, 0.45))}"/><path d="M10 92c30-14 60-16 90-16s60 2 90 16" stroke="${darken(base, 0.3)}" stroke-width="12" fill="none" stroke-linecap="round"/><path d="M10 92l34-12M190 92l-34-12" stroke="#19181a" stroke-width="18" stroke-linecap="round"/>${times(5, (i) => `<path d="M${14 + i * 7} ${84 - i * 2.4}l3 12M${186 - i * 7} ${84 - i * 2.4}l-3 12" stroke="#3b393d" stroke-width="2"/>`)}
    <rect x="60" y="40" width="80" height="62" rx="20" fill="${pen.lin(70, lighten(base, 0.25), darken(base, 0.4))}"/><rect x="66" y="46" width="68" height="50" rx="15" fill="#07090b"/>${letters('25', 100, 80, { size: 22, colour: '#f3fbf7', weight: 2, anchor: 'middle' })}${letters('km/h', 100, 90, { size: 5, colour: '#9ff0d4', weight: 1.7, anchor: 'middle' })}
    <rect x="72" y="52" width="34" height="3.600" rx="1.800" fill="#fff" opacity=".2"/><rect x="72" y="52" width="28" height="3.600" rx="1.800" fill="#9ff0d4"/><path d="M118 51l-3 4h3l-2 4 5-5h-3l2-3z" fill="#9ff0d4"/>
    <path d="M48 78l-6-7v4h-6v6h6v4zM152 78l6-7v4h6v6h-6v4z" fill="${trim}"/><path d="M40 96c-6 14-4 30 2 40" stroke="#8f9297" stroke-width="5" fill="none" stroke-linecap="round"/><path d="M160 96c6 14 4 30-2 40" stroke="#8f9297" stroke-width="5" fill="none" stroke-linecap="round"/><circle cx="100" cy="128" r="11" fill="${pen.rad(0.5, 0.5, 0.5, '#ffffff', '#ffe9a8@0.7', '#c9a95a')}"/>`

export const mobility: Record<string, ProductArt> = {
  'rolluno-city-5': {
    colours: { graphite: { base: '#565a62', trim: '#ff9d5c' }, sage: { base: '#8fa48f', trim: '#f3d58c' } },
    front: scooter,
    detail: handlebar,
    bleeds: true,
    setting: 'street',
    shadow: [102, 181, 86, 7],
    figures: [
      ['range_typical', 84, 148],
      ['max_speed', 132, 18],
      ['wheel_diameter', 40, 152],
      ['weight', 148, 104],
    ],
    held: { scale: 1.25, turn: 0, grip: [104, 26] },
  },
}
