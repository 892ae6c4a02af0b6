import { type HairStyle, type HostLook, lookOf } from './hosts.ts'
import { darken, lighten, mix, type Pen, times } from './svg.ts'

/** What moves while a host talks; all at rest is a portrait. */
export type Pose = {
  /** 0 open, 1 shut. */
  blink?: number
  /** 0 a smile, 1 an open mouth. */
  talk?: number
  /** Turn of the head in degrees. */
  tilt?: number
  /** Lift of the chest in units. */
  breath?: number
  /** Where the eyes look, -1 to 1. */
  gaze?: number
}

const BACK_HAIR: Record<HairStyle, string> = {
  bob: 'M-58 34C-78-36-54-92 2-92S80-36 61 36c-2 24-18 30-24 10h-72c-8 22-21 12-23-12z',
  long: 'M-58 150C-80 30-66-92 2-92S82 20 62 152c-16 12-30 4-36-12h-50c-8 16-22 22-34 10z',
  bun: 'M-50 4C-58-60-30-86 0-86s58 26 50 90z',
  short: 'M-48-4C-54-62-28-84 0-84s56 22 48 80z',
  hijab: 'M-62 60C-82-30-58-96 0-96s82 66 62 156c-4 40-30 56-62 56S-58 100-62 60z',
  curls: 'M-52 6C-62-60-34-88 0-88s62 28 52 94z',
  swept: 'M-49-2C-55-62-28-84 2-84s56 24 47 82z',
  braid: 'M-54 24C-70-40-52-90 2-90S74-40 56 26c-4 14-12 16-18 4h-74c-6 14-14 10-18-6z',
}

const FRONT_HAIR: Record<HairStyle, string> = {
  bob: 'M-48 2C-58-70-8-86 16-72c32 4 40 38 33 72-3-24-13-42-31-52-20 16-52 20-66 54z',
  long: 'M-48 14C-56-66-22-82 0-76c28-6 54 12 48 88-2-34-18-58-42-68-20 10-48 28-54 70z',
  bun: 'M-46-10C-49-62-18-78 0-78s49 16 46 68c-6-26-24-40-46-40s-40 14-46 40z',
  short: 'M-47-8c-6-42 2-70 41-74 35-4 64 18 53 72-4-18-8-26-14-32-24 4-48 0-62-8-8 8-13 24-18 42z',
  hijab:
    'M-47 8C-56-60-28-80 0-80s56 20 47 88c-2 30-20 58-47 62 18-10 36-40 36-78 0-40-20-52-36-52s-36 12-36 52c0 38 18 68 36 78-27-4-45-32-47-62z',
  curls: 'M-48-6C-54-58-30-78 0-78s55 20 48 72c-5-14-8-22-12-27-8 4-16 2-21-4-8 7-20 7-26 0-6 6-14 6-20 1-7 8-12 18-17 30z',
  swept: 'M-47-8C-50-66-8-88 22-76c24 4 34 32 26 68-3-16-6-24-12-30-22 2-46-2-58-12-12 8-20 24-25 42z',
  braid: 'M-48 4C-56-64-16-84 6-76c26 0 46 20 42 78-4-26-16-44-36-52-16 18-48 24-60 54z',
}

const eye = (look: HostLook, pose: Pose, x: number, soft: boolean): string => {
  const open = 1 - (pose.blink ?? 0)
  const lash = look.style === 'hijab' ? '#2a1a12' : darken(look.hair[1], 0.35)
  const shift = (pose.gaze ?? 0) * 1.8
  if (open < 0.25)
    return `<path d="M${x - 10} 0c5 4 15 4 20 0" stroke="${lash}" stroke-width="3" fill="none" stroke-linecap="round"/>`
  const flick = soft
    ? `<path d="M${x < 0 ? x - 9 : x + 9}-1l${x < 0 ? -4 : 4}-3.500" stroke="${lash}" stroke-width="2.200" stroke-linecap="round"/>`
    : ''
  return `<g transform="translate(0 -1) scale(1 ${open.toFixed(2)})"><path d="M${x - 9.5} 1C${x - 5}-6.500 ${x + 5}-6.500 ${x + 9.5} 1 ${x + 5} 5.500 ${x - 5} 5.500 ${x - 9.5} 1z" fill="#fffaf3"/>
    <circle cx="${x + shift}" cy="-.4" r="4.700" fill="${look.iris}"/><circle cx="${x + shift}" cy="-.4" r="2.300" fill="#120b08"/><circle cx="${x + shift - 1.5}" cy="-2.200" r="1.350" fill="#fff"/>
    <path d="M${x - 10.5} 1C${x - 5}-7.800 ${x + 5}-7.800 ${x + 10.5} 1" stroke="${lash}" stroke-width="2.800" fill="none" stroke-linecap="round"/></g>${flick}`
}

const mouth = (look: HostLook, talk: number): string => {
  const drop = 8 + talk * 9
  return `<path d="M-15 30.500c9 4.500 21 4.500 30 0-2 ${drop}-8 ${drop + 3}-15 ${drop + 3}s-13-3-15-${drop + 3}z" fill="${darken(look.lips, 0.45)}"/>
    <path d="M-12.500 32.300c8 2.800 17 2.800 25 0-.8 3.600-5 5.400-12.500 5.400s-11.700-1.800-12.500-5.400z" fill="#fffaf4"/>
    <path d="M-15.500 30c5-1.500 10-3 13-2.400 1.500.3 3.500.3 5 0 3-.6 8 .9 13 2.400-9 4.400-22 4.400-31 0z" fill="${look.lips}"/><path d="M-8 ${31 + drop}c5 2.600 11 2.600 16 0" stroke="${lighten(look.lips, 0.2)}" stroke-width="3.200" stroke-linecap="round" fill="none"/>`
}

const beard = (pen: Pen, look: HostLook): string => {
  if (look.beard === 'full')
    return `<path d="M-44-6c2 34 10 72 44 72s42-38 44-72c-5 18-10 26-20 27-16-5-32-5-48 0-10-1-15-9-20-27z" fill="${look.hair[1]}" opacity=".86"/>`
  if (look.beard === 'stubble')
    return `<path d="M-43 2c4 32 14 62 43 62S39 34 43 2c-6 16-12 20-20 20-15-4-31-4-46 0-8 0-14-4-20-20z" fill="${mix(look.hair[1], look.skin[1], 0.35)}" opacity=".42" filter="${pen.blur(2)}"/>`
  return ''
}

const features = (pen: Pen, look: HostLook, pose: Pose): string => {
  const soft = look.beard === undefined && look.style !== 'curls'
  const brow = look.style === 'hijab' ? '#3a261b' : darken(look.hair[0], 0.35)
  const glasses = look.glasses
    ? `<g fill="none" stroke="#2a2524" stroke-width="2.600"><rect x="-33" y="-12" width="28" height="23" rx="9" fill="#fff" fill-opacity=".1"/><rect x="5" y="-12" width="28" height="23" rx="9" fill="#fff" fill-opacity=".1"/><path d="M-5-3c3-3 7-3 10 0M-33-4l-10-3M33-4l10-3"/></g>`
    : ''
  return `<ellipse cx="-26" cy="20" rx="12" ry="8" fill="#e8765e" opacity=".24" filter="${pen.blur(5)}"/><ellipse cx="25" cy="22" rx="11" ry="8" fill="#c2553f" opacity=".22" filter="${pen.blur(5)}"/>
    <path d="M-30-14c5-6 14-6.500 20-2.500M10-16.500c6-4 15-3.500 20 2.500" stroke="${brow}" stroke-width="${soft ? 3 : 4.4}" fill="none" stroke-linecap="round" opacity=".9"/>
    ${eye(look, pose, -19, soft)}${eye(look, pose, 19, soft)}
    <path d="M2-2c3 8 6.500 14 3.500 18-2 2.500-7.500 2.500-10 0" stroke="${look.skin[2]}" stroke-width="2.200" fill="none" stroke-linecap="round" opacity=".7"/><path d="M-3 0c-1 6-2 9-2 13" stroke="#fff" stroke-opacity=".25" stroke-width="3" fill="none" stroke-linecap="round" filter="${pen.blur(1)}"/>
    ${beard(pen, look)}${mouth(look, pose.talk ?? 0)}${glasses}`
}

const hairExtra = (look: HostLook, fill: string): string => {
  if (look.style === 'bun')
    return `<circle cx="4" cy="-94" r="25" fill="${fill}"/><path d="M-12-104c6-8 20-10 28-4" stroke="#fff" stroke-opacity=".14" stroke-width="3" fill="none"/>`
  if (look.style === 'curls')
    return times(9, (i) => {
      const turn = Math.PI * (0.98 + i * 0.131)
      return `<circle cx="${(52 * Math.cos(turn)).toFixed(1)}" cy="${(-34 + 54 * Math.sin(turn)).toFixed(1)}" r="${17 + (i % 3) * 2}" fill="${fill}"/>`
    })
  if (look.style === 'braid')
    return `${times(6, (i) => `<path d="M0-13c12 2 17 12 12 24-4 8-18 8-24 0-5-12 0-22 12-24z" fill="${fill}" transform="translate(${57 - i * 2.4} ${34 + i * 20}) rotate(${i % 2 ? 24 : -24}) scale(${1.2 - i * 0.09})"/><path d="M-9 4c6 5 12 5 18 0" stroke="#000" stroke-opacity=".2" stroke-width="2.500" fill="none" transform="translate(${57 - i * 2.4} ${34 + i * 20}) rotate(${i % 2 ? 24 : -24}) scale(${1.2 - i * 0.09})"/>`)}<rect x="38" y="146" width="14" height="7" rx="3.500" fill="#b5483c"/><path d="M38 152c0 12 2 18 6 24 5-6 8-12 8-24z" fill="${fill}"/>`
  return ''
}

const torso = (pen: Pen, look: HostLook): string => {
  const [light, dark] = look.top
  const cloth = pen.lin(24, lighten(light, 0.1), `${light}@0.35`, dark)
  const body = `<path d="M-160 760C-158 260-134 140-66 120c20-6 32-12 40-24h52c8 12 20 18 40 24 68 20 92 140 94 640z" fill="${cloth}"/><path d="M-156 560C-150 250-128 142-66 120" fill="none" stroke="#ffe2bd" stroke-opacity=".3" stroke-width="3"/>`
  const folds = `<path d="M-92 190c-8 70-8 150-6 460M100 196c6 70 8 140 8 460" stroke="#000" stroke-opacity=".13" stroke-width="6" fill="none" filter="${pen.blur(2)}"/>`
  if (look.collar === 'shirt')
    return `${body}<path d="M0 116v644" stroke="#000" stroke-opacity=".18" stroke-width="3"/>${times(5, (i) => `<circle cx="6" cy="${164 + i * 56}" r="3" fill="#fff" opacity=".65"/>`)}<path d="M-34 92L-54 128l36 26L2 118zM34 92l20 36-36 26-18-36z" fill="${lighten(light, 0.22)}"/><path d="M-34 92l34 28 34-28" fill="none" stroke="#000" stroke-opacity=".2" stroke-width="2"/>${folds}`
  if (look.collar === 'blazer')
    return `${body}<path d="M-30 98L0 250 30 98c-18 14-42 14-60 0z" fill="#f3ece2"/><path d="M-34 94L-72 150l22 14-14 16L-2 300 0 244zM34 94l38 56-22 14 14 16L2 300 0 244z" fill="${pen.lin(40, lighten(light, 0.24), dark)}"/><path d="M-34 94l34 150 34-150" fill="none" stroke="#000" stroke-opacity=".2" stroke-width="2"/>${folds}`
  return `${body}<path d="M-32 97C-22 128 22 128 32 97l12 9C28 148-28 148-44 106z" fill="${darken(dark, 0.1)}" opacity=".75"/>${folds}`
}

/** A host from the waist up; the head is around (0, 0), the face about 90 units wide. */
export const person = (pen: Pen, hostId: string, pose: Pose = {}): string => {
  const look = lookOf(hostId)
  const [light, mid, deep] = look.skin
  const hair = pen.lin(30, lighten(look.hair[0], 0.12), `${look.hair[0]}@0.35`, look.hair[1])
  const covered = look.style === 'hijab'
  const scarf = covered
    ? `<path d="M-62 58c-12 44-8 76 62 78 68-2 74-36 62-78-10 26-30 42-62 46-32-4-52-20-62-46z" fill="${hair}"/><path d="M-52 84c20 30 80 34 106 4M-46 104c24 22 66 24 92 4" stroke="#000" stroke-opacity=".12" stroke-width="4" fill="none"/>`
    : ''
  const neck = covered
    ? ''
    : `<path d="M-23 34h46v62c-6 24-40 24-46 0z" fill="${pen.lin(90, deep, mid)}"/><path d="M-22 42c8 26 36 26 44 2v12c-6 20-38 20-44-2z" fill="#000" opacity=".2"/>`
  const ears =
    covered || look.style === 'bob' || look.style === 'long'
      ? ''
      : `<ellipse cx="-45" cy="4" rx="7" ry="12" fill="${mid}"/><ellipse cx="45" cy="4" rx="7" ry="12" fill="${deep}"/>`
  const rings = look.earrings
    ? `<circle cx="-45" cy="20" r="3.600" fill="${look.earrings}"/><circle cx="46" cy="20" r="3.600" fill="${look.earrings}"/>`
    : ''
  const lift = -(pose.breath ?? 0)
  const head = `<g transform="translate(0 ${(lift * 0.7).toFixed(2)}) rotate(${(pose.tilt ?? 0).toFixed(2)} 0 60)">`
  return `${head}${look.style === 'braid' ? '' : hairExtra(look, hair)}<path d="${BACK_HAIR[look.style]}" fill="${hair}"/></g>
    <g transform="translate(0 ${lift.toFixed(2)})">${torso(pen, look)}${neck}</g>
    ${head}${ears}${scarf}<path d="M-44-18C-46-62 46-62 44-18c0 34-13 76-44 81-31-5-44-47-44-81z" fill="${pen.lin(18, light, `${mix(light, mid, 0.5)}@0.5`, mid)}"/>
    <path d="M30-40c10 10 15 20 14 34-1 30-14 58-36 67 12-24 24-60 22-101z" fill="${deep}" opacity=".16" filter="${pen.blur(4)}"/>${features(pen, look, pose)}
    <path d="${FRONT_HAIR[look.style]}" fill="${hair}"/><path d="M-34-50c10-16 26-22 42-22" stroke="#fff" stroke-opacity=".16" stroke-width="5" fill="none" stroke-linecap="round" filter="${pen.blur(1.5)}"/>${rings}${look.style === 'braid' ? hairExtra(look, hair) : ''}</g>`
}
