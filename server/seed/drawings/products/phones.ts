import type { Draw, ProductArt, Tone } from '../art.ts'
import { letters } from '../lettering.ts'
import { darken, lighten, mix, type Pen, place } from '../svg.ts'

const frame = (pen: Pen, base: string, w: number, h: number): string =>
  `<rect width="${w}" height="${h}" rx="${w * 0.17}" fill="${pen.lin(20, lighten(base, 0.5), `${darken(base, 0.3)}@0.5`, lighten(base, 0.25))}"/>`

const cameraEye = (x: number, y: number, r: number): string =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="#1b2133"/><circle cx="${x}" cy="${y}" r="${r}" fill="none" stroke="#fff" stroke-opacity=".35" stroke-width=".9"/><circle cx="${x}" cy="${y}" r="${r * 0.62}" fill="#0a0e19"/><circle cx="${x}" cy="${y}" r="${r * 0.34}" fill="#243a66"/><circle cx="${x - r * 0.3}" cy="${y - r * 0.32}" r="${r * 0.18}" fill="#cfe0ff"/>`

/** The screen side, w by h, with the wallpaper in the colours of the phone. */
const screen = (pen: Pen, base: string, w: number, h: number): string => {
  const clip = pen.clip(`<rect x="3" y="3" width="${w - 6}" height="${h - 6}" rx="${w * 0.145}"/>`)
  const glow = lighten(base, 0.55)
  return `${frame(pen, base, w, h)}<rect x="1.500" y="1.500" width="${w - 3}" height="${h - 3}" rx="${w * 0.16}" fill="#050608"/><g clip-path="${clip}">
      <rect width="${w}" height="${h}" fill="${pen.lin(70, darken(base, 0.35), `${darken(mix(base, '#3a2a5c', 0.5), 0.35)}@0.6`, '#0b0d16')}"/>
      <circle cx="${w * 0.75}" cy="${h * 0.72}" r="${w * 0.55}" fill="${pen.rad(0.4, 0.35, 0.65, `${mix(glow, '#ffb08a', 0.5)}@0/0.95`, `${mix(base, '#e07a6a', 0.5)}@0.6/0.6`, `${base}@1/0`)}"/>
      <circle cx="${w * 0.2}" cy="${h * 0.9}" r="${w * 0.5}" fill="${pen.rad(0.5, 0.4, 0.6, `${glow}@0/0.7`, `${base}@1/0`)}"/>
    </g><rect x="${w / 2 - w * 0.07}" y="${h * 0.035}" width="${w * 0.14}" height="${w * 0.065}" rx="${w * 0.033}" fill="#000"/>
    ${letters('10:09', w / 2, h * 0.24, { size: w * 0.17, colour: '#ffffff', weight: 1.5, anchor: 'middle' })}${letters('FRI 21', w / 2, h * 0.29, { size: w * 0.055, colour: '#ffffff', weight: 1.6, anchor: 'middle', opacity: 0.8 })}
    <path d="M${w * 0.12} ${h * 0.05}C${w * 0.3} ${h * 0.2} ${w * 0.2} ${h * 0.6} ${w * 0.06} ${h * 0.8}V${h * 0.1}z" fill="#fff" opacity=".05"/><rect x="${w * 0.34}" y="${h * 0.958}" width="${w * 0.32}" height="2" rx="1" fill="#fff" opacity=".8"/>`
}

const backSide = (pen: Pen, base: string, w: number, h: number, bar: boolean): string => {
  const r = w * 0.115
  const island = bar
    ? `<rect x="${w * 0.06}" y="${h * 0.07}" width="${w * 0.88}" height="${h * 0.16}" rx="${h * 0.08}" fill="${darken(base, 0.45)}"/><rect x="${w * 0.06}" y="${h * 0.07}" width="${w * 0.88}" height="${h * 0.16}" rx="${h * 0.08}" fill="none" stroke="#fff" stroke-opacity=".3"/>${cameraEye(w * 0.22, h * 0.15, r)}${cameraEye(w * 0.49, h * 0.15, r)}${cameraEye(w * 0.74, h * 0.15, r * 0.82)}<circle cx="${w * 0.88}" cy="${h * 0.15}" r="2.400" fill="#fff3d6"/>`
    : `<rect x="${w * 0.1}" y="${h * 0.055}" width="${w * 0.45}" height="${h * 0.33}" rx="${w * 0.15}" fill="${lighten(base, 0.14)}"/><rect x="${w * 0.1}" y="${h * 0.055}" width="${w * 0.45}" height="${h * 0.33}" rx="${w * 0.15}" fill="none" stroke="#fff" stroke-opacity=".35"/>${cameraEye(w * 0.325, h * 0.14, r * 1.15)}${cameraEye(w * 0.325, h * 0.295, r * 1.15)}<circle cx="${w * 0.68}" cy="${h * 0.13}" r="3" fill="#fff3d6"/>`
  return `${frame(pen, base, w, h)}<rect x="1.600" y="1.600" width="${w - 3.2}" height="${h - 3.2}" rx="${w * 0.158}" fill="${pen.lin(50, lighten(base, 0.32), `${base}@0.5`, darken(base, 0.45))}"/>
    <path d="M${w * 0.55} 2L${w * 0.9} 2 ${w * 0.35} ${h - 2}H${w * 0.05}z" fill="#fff" opacity=".07"/>${island}
    <circle cx="${w / 2}" cy="${h * 0.62}" r="${w * 0.07}" fill="none" stroke="#fff" stroke-opacity=".4" stroke-width="1.600"/><path d="M${w / 2 - w * 0.03} ${h * 0.62}h${w * 0.06}" stroke="#fff" stroke-opacity=".4" stroke-width="1.600"/>`
}

const pair =
  (w: number, h: number, bar: boolean): Draw =>
  (pen, { base }) =>
    `${place(screen(pen, base, w, h), 98, 100 - h / 2 - 4, 1, 5)}<rect x="44" y="30" width="${w + 4}" height="${h}" rx="16" fill="#000" opacity=".3" filter="${pen.blur(5)}" transform="rotate(-5 90 100)"/>${place(backSide(pen, base, w, h, bar), 22, 108 - h / 2, 1, -5)}`

const faceOn =
  (w: number, h: number, bar: boolean): Draw =>
  (pen, { base }) =>
    `<g clip-path="${pen.clip('<rect x="-20" width="240" height="210"/>')}">${place(backSide(pen, base, w, h, bar), 22, 40, 2, -10)}</g>`

const tone = (base: string): Tone => ({ base, trim: base })

export const phones: Record<string, ProductArt> = {
  'zephrane-9': {
    colours: { indigo: tone('#4a5f99'), sand: tone('#cbb899'), graphite: tone('#53575d') },
    front: pair(78, 164, false),
    detail: faceOn(78, 164, false),
    bleeds: true,
    setting: 'desk',
    shadow: [100, 188, 66, 7],
    figures: [
      ['main_camera_resolution', 46, 60],
      ['display_size', 150, 108],
      ['battery_capacity', 50, 140],
      ['charging_time_full', 150, 146],
    ],
    held: { scale: 0.8, turn: 4, grip: [100, 176] },
  },
  'zephrane-9-max': {
    colours: { graphite: tone('#47494e'), titan: tone('#a39a8d'), wine: tone('#74384a') },
    front: pair(84, 176, true),
    detail: faceOn(84, 176, true),
    bleeds: true,
    setting: 'desk',
    shadow: [100, 193, 70, 7],
    figures: [
      ['main_camera_resolution', 46, 50],
      ['display_size', 156, 104],
      ['battery_capacity', 50, 140],
      ['charging_time_full', 154, 148],
    ],
    held: { scale: 0.78, turn: 4, grip: [100, 182] },
  },
}
