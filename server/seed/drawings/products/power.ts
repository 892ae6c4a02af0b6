import type { Draw, ProductArt } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, place, times } from '../svg.ts'

const smallFront: Draw = (pen, { base, trim }) =>
  `<path d="M112 30c0-24 34-26 36-4l2 62" fill="none" stroke="${darken(trim, 0.25)}" stroke-width="7" stroke-linecap="round"/><path d="M112 30c0-24 34-26 36-4l2 62" fill="none" stroke="#fff" stroke-opacity=".25" stroke-width="1.600"/>
    <rect x="145" y="82" width="11" height="22" rx="3" fill="${darken(base, 0.25)}"/><rect x="147.500" y="102" width="6" height="9" rx="2" fill="${pen.lin(0, '#d9d6d0', '#8e8a84')}"/>
    <rect x="48" y="26" width="92" height="150" rx="22" fill="${pen.lin(35, lighten(base, 0.4), `${base}@0.45`, darken(base, 0.4))}"/>
    <rect x="48.800" y="26.800" width="90.400" height="148.400" rx="21.500" fill="none" stroke="#fff" stroke-opacity=".32" stroke-width="1.200"/>
    <circle cx="94" cy="84" r="34" fill="none" stroke="${lighten(base, 0.35)}" stroke-width="7" opacity=".5"/><circle cx="94" cy="84" r="37.500" fill="none" stroke="#000" stroke-opacity=".16"/><circle cx="94" cy="84" r="30.500" fill="none" stroke="#000" stroke-opacity=".16"/>
    <path d="M98 68L85 88h9l-4 14 14-21h-9z" fill="${lighten(base, 0.55)}" opacity=".8"/>
    <rect x="68" y="140" width="52" height="22" rx="11" fill="${darken(base, 0.78)}"/>${letters('86', 86, 156, { size: 10, colour: '#a8e6d3', weight: 2.2, anchor: 'middle' })}
    ${times(4, (i) => `<rect x="${99 + i * 4}" y="${150 - i * 0.8}" width="2.400" height="${6 + i * 0.8}" rx="1.200" fill="#a8e6d3" opacity="${i < 3 ? 0.95 : 0.35}"/>`)}
    <path d="M54 50c0-14 6-19 18-19h20c-18 8-30 30-34 66h-4z" fill="#fff" opacity=".16"/>`

const usbC = (x: number, y: number): string =>
  `<rect x="${x}" y="${y}" width="22" height="8" rx="4" fill="#08090a"/><rect x="${x + 4}" y="${y + 3}" width="14" height="2" rx="1" fill="#5b5f65"/>`

const smallDetail: Draw = (pen, { base }) =>
  `<path d="M20 74L58 50h84l38 24v58c0 10-6 16-16 16H36c-10 0-16-6-16-16z" fill="${pen.lin(90, lighten(base, 0.25), darken(base, 0.35))}"/>
    <path d="M20 76c0-8 6-14 16-14h128c10 0 16 6 16 14v56c0 10-6 16-16 16H36c-10 0-16-6-16-16z" fill="${pen.lin(90, lighten(base, 0.18), `${base}@0.4`, darken(base, 0.3))}"/>
    <path d="M24 74c1-5 5-9 12-9h128c7 0 11 4 12 9" stroke="#fff" stroke-opacity=".5" fill="none" stroke-width="1.400"/>
    ${place(usbC(0, 0), 46, 96, 1.4)}<rect x="98" y="93" width="34" height="17" rx="3" fill="#08090a"/><rect x="101" y="96" width="28" height="7" rx="1" fill="#3b6fd0"/>
    <circle cx="154" cy="101" r="7" fill="${darken(base, 0.35)}" stroke="#fff" stroke-opacity=".25"/>${letters('USB-C', 62, 126, { size: 6, colour: lighten(base, 0.6), weight: 1.8, anchor: 'middle', opacity: 0.7 })}${letters('22.5W', 115, 126, { size: 6, colour: lighten(base, 0.6), weight: 1.8, anchor: 'middle', opacity: 0.7 })}`

const bigFront: Draw = (pen, { base, trim }) =>
  `<rect x="58" y="22" width="90" height="150" rx="12" fill="${darken(base, 0.5)}"/><rect x="52" y="30" width="92" height="156" rx="13" fill="${pen.lin(0, darken(base, 0.3), `${lighten(base, 0.28)}@0.18`, `${base}@0.55`, darken(base, 0.5))}"/>
    <path d="M52.800 62V43c0-8 5-12.200 12.200-12.200h66c7 0 12.200 4 12.200 12.200v19" stroke="#fff" stroke-opacity=".3" stroke-width="1.300" fill="none"/>
    ${times(11, (i) => `<rect x="60" y="${104 + i * 6.8}" width="76" height="3" rx="1.500" fill="#000" opacity=".24"/><rect x="60" y="${107 + i * 6.8}" width="76" height="1" rx=".5" fill="#fff" opacity=".09"/>`)}
    <rect x="62" y="42" width="72" height="48" rx="8" fill="#07080a"/><rect x="62.500" y="42.500" width="71" height="47" rx="7.500" fill="none" stroke="#fff" stroke-opacity=".16"/>
    ${letters('100', 74, 70, { size: 15, colour: '#f4f1ea', weight: 2.2 })}${letters('%', 111, 70, { size: 8, colour: '#f4f1ea', weight: 2 })}
    <rect x="74" y="77" width="48" height="4" rx="2" fill="#ffffff" opacity=".18"/><rect x="74" y="77" width="48" height="4" rx="2" fill="${trim}"/>
    <path d="M52 60V43c0-8 5-13 13-13h6c-8 6-12 16-13 30z" fill="#fff" opacity=".16"/>
    ${letters('99.9Wh', 98, 181, { size: 5.5, colour: '#ffffff', weight: 1.7, anchor: 'middle', opacity: 0.6 })}`

const bigDetail: Draw = (pen, { base, trim }) =>
  `<path d="M26 62c0-10 7-17 17-17h114c10 0 17 7 17 17v76c0 10-7 17-17 17H43c-10 0-17-7-17-17z" fill="${pen.lin(90, lighten(base, 0.3), `${base}@0.3`, darken(base, 0.5))}"/>
    <path d="M30 62c1-8 6-13 13-13h114c7 0 12 5 13 13" stroke="#fff" stroke-opacity=".4" fill="none" stroke-width="1.500"/>
    <rect x="40" y="64" width="120" height="72" rx="11" fill="${darken(base, 0.62)}"/>
    ${place(usbC(0, 0), 52, 82, 1.5)}${place(usbC(0, 0), 52, 108, 1.5)}<rect x="104" y="84" width="42" height="20" rx="3" fill="#050607"/><rect x="108" y="88" width="34" height="8" rx="1" fill="${trim}"/>
    ${letters('140W', 125, 124, { size: 9, colour: '#f4f1ea', weight: 2.1, anchor: 'middle' })}`

export const power: Record<string, ProductArt> = {
  'ampelko-10k': {
    colours: {
      graphite: { base: '#565b62', trim: '#8b9098' },
      cream: { base: '#dccfba', trim: '#b7a78c' },
      sky: { base: '#8fb0c9', trim: '#6f93ae' },
    },
    front: smallFront,
    detail: smallDetail,
    setting: 'desk',
    shadow: [96, 178, 54, 8],
    figures: [
      ['battery_capacity', 66, 66],
      ['wireless_output_power', 122, 62],
      ['weight', 60, 146],
      ['thickness', 132, 146],
    ],
    held: { scale: 0.82, turn: -6, grip: [94, 172] },
  },
  'ampelko-27k': {
    colours: { black: { base: '#3d3f44', trim: '#ff8f5a' } },
    front: bigFront,
    detail: bigDetail,
    setting: 'desk',
    shadow: [100, 188, 56, 8],
    figures: [
      ['battery_capacity', 66, 60],
      ['output_power_max', 130, 60],
      ['charging_time_full', 64, 150],
      ['battery_energy', 136, 150],
    ],
    held: { scale: 0.85, turn: -6, grip: [98, 178] },
  },
}
