import { lookOf } from './hosts.ts'
import { lighten, type Pen, place } from './svg.ts'

type Layers = { behind: string; before: string }

const skinOf = (pen: Pen, hostId: string) => {
  const [light, mid, deep] = lookOf(hostId).skin
  return { down: pen.lin(80, light, `${mid}@0.6`, deep), across: pen.lin(15, light, `${mid}@0.7`, deep), light, mid, deep }
}

const sleeve = (pen: Pen, hostId: string): string =>
  pen.lin(30, lighten(lookOf(hostId).top[0], 0.12), `${lookOf(hostId).top[0]}@0.4`, lookOf(hostId).top[1])

/** An open palm under a product whose lowest point is (0, 0); the arm comes from the lower right. */
export const palm = (pen: Pen, hostId: string): Layers => {
  const skin = skinOf(pen, hostId)
  const cloth = sleeve(pen, hostId)
  return {
    behind: `<ellipse cx="6" cy="26" rx="96" ry="20" fill="#000" opacity=".32" filter="${pen.blur(10)}"/>
      <path d="M30 24C52 30 70 18 80 4c24 26 44 62 56 104l-62 26C66 96 50 58 30 24z" fill="${skin.across}"/>
      <path d="M62 104c22 2 52-8 74-26 30 70 48 200 52 420H70C92 340 88 210 62 104z" fill="${cloth}"/><path d="M62 104c22 2 52-8 74-26l5 13c-24 18-52 28-75 27z" fill="#fff" opacity=".16"/><path d="M104 150c14 70 20 160 16 330" stroke="#000" stroke-opacity=".15" stroke-width="7" fill="none" filter="${pen.blur(2)}"/>
      <path d="M-84-7c-9 1-11 12-3 15l48 15c20 12 44 22 66 20 26 0 48-14 58-36 2-12-10-22-26-22C20-16-40-12-84-7z" fill="${skin.down}"/>
      <path d="M-66 8c18 2 40 2 56 0M-52 15c16 3 34 4 48 2" stroke="${skin.deep}" stroke-width="2.600" stroke-linecap="round" fill="none" opacity=".45"/>`,
    before: `<path d="M78 12C58 2 44-22 46-44c1-10 15-11 18-1 3 13 10 22 22 30 8 6 4 20-8 15z" fill="${skin.across}"/><path d="M50-42c1-5 8-6 10-1" stroke="#fff" stroke-opacity=".5" stroke-width="2.400" fill="none" stroke-linecap="round"/><path d="M62-2c6 6 12 9 18 10" stroke="${skin.deep}" stroke-opacity=".5" stroke-width="2.500" fill="none" stroke-linecap="round"/>`,
  }
}

/** A closed hand over something that hangs from (0, 0); the arm rises from the shoulder on the left. */
export const fist = (pen: Pen, hostId: string): Layers => {
  const skin = skinOf(pen, hostId)
  return {
    behind: `<path d="M-236 330C-190 190-120 70-52 4l50 46C-50 120-110 230-120 420z" fill="${sleeve(pen, hostId)}"/><path d="M-56 10l44 40c-6 8-12 10-16 16l-46-36c6-8 10-14 18-20z" fill="#fff" opacity=".14"/><path d="M-60-4c14-16 30-22 44-20l10 60c-12 12-22 18-32 22z" fill="${skin.across}"/>`,
    before: `<path d="M-36-20c8-14 30-20 52-14 16 4 24 16 22 30-2 18-16 28-38 28s-42-10-42-26c0-8 2-12 6-18z" fill="${skin.down}"/><path d="M-16-30c-4 12-4 34 2 50M4-35c-2 14-1 40 5 56M22-30c1 12 0 30 0 44" stroke="${skin.deep}" stroke-width="2.600" stroke-linecap="round" fill="none" opacity=".5"/><path d="M-40 4c16 10 40 10 58 4" stroke="${skin.light}" stroke-width="13" stroke-linecap="round" fill="none"/><path d="M-38 10c16 9 38 9 54 4" stroke="${skin.deep}" stroke-opacity=".4" stroke-width="2" fill="none"/>`,
  }
}

/** A forearm across the chest with a watch on the wrist; the middle of the watch is (0, 0). */
export const wrist = (pen: Pen, hostId: string, watch: string): string => {
  const skin = skinOf(pen, hostId)
  const inside = pen.clip('<path d="M36 40C60 36 140 36 164 40v120c-24 6-104 6-128 0z"/>')
  return place(
    `<ellipse cx="20" cy="46" rx="130" ry="26" fill="#000" opacity=".38" filter="${pen.blur(12)}"/>
    <path d="M-58-30C-20-36 30-34 80-38v76C30 36-20 34-58 30z" fill="${skin.down}"/>
    <path d="M66-46c60-8 130-18 300-20V92C196 66 126 54 66 48c-8-30-8-64 0-94z" fill="${sleeve(pen, hostId)}"/><path d="M66-46c-8 30-8 64 0 94l12 1c-7-30-7-66 0-97z" fill="#fff" opacity=".13"/><path d="M110-50c-4 34-4 70 0 102M160-56c-4 40-4 80 0 116" stroke="#000" stroke-opacity=".14" stroke-width="5" fill="none"/>
    <path d="M-52-31c-16-12-44-18-66-12-20 5-34 20-36 40-1 20 8 36 28 42 24 7 54 2 74-10z" fill="${skin.down}"/>
    <path d="M-152-12c10-6 26-8 40-6M-152 10c12-5 28-6 40-3M-140 28c10-5 24-6 36-3" stroke="${skin.deep}" stroke-width="2.600" fill="none" stroke-linecap="round" opacity=".6"/>
    <path d="M-56-20L-108-36" stroke="${skin.deep}" stroke-opacity=".5" stroke-width="17" stroke-linecap="round"/><path d="M-52-25L-108-42" stroke="${skin.light}" stroke-width="16" stroke-linecap="round"/><path d="M-66-35L-106-47" stroke="#fff" stroke-opacity=".28" stroke-width="2" stroke-linecap="round"/>
    <g transform="rotate(-4) scale(.86) translate(-100 -100)"><g clip-path="${inside}">${watch}</g></g>`,
    0,
    0,
    1,
    24,
  )
}
