import sharp from 'sharp'
import { lookOf } from '../drawings/hosts.ts'
import { type Pose, person } from '../drawings/person.ts'
import { artOf, toneOf } from '../drawings/product.ts'
import { room, table, wallClock } from '../drawings/room.ts'
import { holding, LAYOUTS } from '../drawings/scene.ts'
import { document, makePen, type Pen, place, times } from '../drawings/svg.ts'
import { type ClipPlan, type Moment, momentAt, secondsOf, wave } from './plan.ts'

const layoutOf = (plan: ClipPlan) => (plan.height > plan.width ? LAYOUTS.portrait : LAYOUTS.landscape)

const still = async (plan: ClipPlan): Promise<Buffer> => {
  const pen = makePen()
  const { w, h } = layoutOf(plan)
  const svg = document(pen, plan.width, plan.height, `0 0 ${w} ${h}`, room(pen, lookOf(plan.hostId).room, w, h))
  return sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer()
}

/** Ten past nine past ten, with a second hand that goes round once in a loop: a seamless clock. */
const clock = (pen: Pen, plan: ClipPlan, phase: number): string => {
  const [x, y, radius] = layoutOf(plan).clock
  const face = wallClock(pen, x, y, radius, 10 * 3600 + 9 * 60)
  const sweep = `<path d="M0 8V-34" stroke="#d9532c" stroke-width="1.6" stroke-linecap="round" transform="rotate(${(phase * 360).toFixed(2)})"/><circle r="3.400" fill="#d9532c"/>`
  return face.replace(/<path d="M0 2\.[^>]*#d9532c[^>]*\/>/, '') + place(sweep, x, y, radius / 48)
}

const motes = (plan: ClipPlan, phase: number): string => {
  const { w, h } = layoutOf(plan)
  return times(14, (i) => {
    const x = w * ((i * 0.173) % 0.8) + 14 * wave(phase, 1 + (i % 3), i * 0.13)
    const y = h * (0.1 + ((i * 0.117) % 0.5)) + 22 * wave(phase, 1 + (i % 2), i * 0.31)
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${1.4 + (i % 3) * 0.7}" fill="#ffe9c2" opacity="${(0.28 + 0.2 * wave(phase, 2, i * 0.21)).toFixed(2)}"/>`
  })
}

const steam = (pen: Pen, x: number, y: number, phase: number): string =>
  `<g fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".2" filter="${pen.blur(4)}">${times(2, (i) => {
    const sway = 6 * wave(phase, 9, i * 0.4)
    return `<path d="M${x + i * 16} ${y}c${-10 + sway}-16 ${10 - sway}-24 0-42c-8-12 ${6 + sway}-20 2-34"/>`
  })}</g>`

const cup = (pen: Pen, x: number, y: number): string =>
  `<ellipse cx="${x + 6}" cy="${y + 2}" rx="44" ry="7" fill="#000" opacity=".45" filter="${pen.blur(4)}"/><path d="M${x - 30} ${y - 50}h60l-6 44c-1 6-5 8-10 8h-28c-5 0-9-2-10-8z" fill="${pen.lin(0, '#efe4d4', '#fffaf2@0.3', '#b9a68f')}"/><path d="M${x + 28} ${y - 42}c22-4 22 28-4 28" fill="none" stroke="#d8c8b2" stroke-width="7"/><ellipse cx="${x}" cy="${y - 50}" rx="30" ry="7" fill="#5b3824"/>`

/** The goods that wait on the table; the one in the hand is away. */
const waiting = (pen: Pen, plan: ClipPlan, moment: Moment): string => {
  const { w, table: y } = layoutOf(plan)
  const wide = plan.width > plan.height
  const scale = wide ? 0.62 : 0.5
  return plan.products
    .map(({ id, colour }, i) => {
      const away = i === moment.index ? moment.raised : 0
      if (away > 0.98) return ''
      const art = artOf(id)
      const x = wide ? w * (0.62 + i * 0.2) : w * (0.34 + i * (0.58 / Math.max(1, plan.products.length - 1)))
      return `<g opacity="${(1 - away).toFixed(2)}">${place(`<ellipse cx="100" cy="${art.shadow[1]}" rx="${art.shadow[2]}" ry="9" fill="#000" opacity=".5" filter="${pen.blur(6)}"/>${art.front(pen, toneOf(id, colour))}`, x - 100 * scale, y + 46 - art.shadow[1] * scale, scale)}</g>`
    })
    .join('')
}

const moving = (plan: ClipPlan, moment: Moment): string => {
  const pen = makePen()
  const { w, h, host, product, table: edge } = layoutOf(plan)
  const { phase, index, raised } = moment
  const shown = plan.products[index] ?? { id: '' }
  const worn = artOf(shown.id).worn === true
  const hidden = 1 - raised
  const turns = plan.products.length
  const [px, py, ps] = product
  const x = px + (worn ? 330 : 130) * hidden + 5 * wave(phase, turns * 2, 0.2) - (worn && w > h ? 70 : 0)
  const y = py + (worn ? 120 : 560) * hidden + 6 * wave(phase, turns * 3, 0.4)
  const turn = 2.6 * wave(phase, turns * 2, 0.6) + 16 * hidden
  const pose: Pose = { blink: moment.blink, talk: moment.talk, tilt: moment.tilt, breath: moment.breath, gaze: moment.gaze }
  const body = `${clock(pen, plan, phase)}
    ${place(person(pen, plan.hostId, pose), host[0] + 3 * wave(phase, turns, 0.3), host[1], host[2])}
    ${hidden > 0.995 ? '' : `<g transform="translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${turn.toFixed(2)}) scale(${ps})">${holding(pen, plan.hostId, shown.id, shown.colour)}</g>`}
    ${table(pen, lookOf(plan.hostId).room, w, edge, h)}${waiting(pen, plan, moment)}${cup(pen, w * 0.12, edge + 50)}${steam(pen, w * 0.105, edge - 8, phase)}${motes(plan, phase)}
    <rect width="${w}" height="${h}" fill="#ffca8a" opacity="${(0.025 + 0.02 * wave(phase, 3)).toFixed(3)}"/><rect width="${w}" height="${h}" fill="${pen.lin(90, '#000000@0/0', '#0d0705@0.62/0', '#0d0705@1/0.45')}"/>`
  return document(pen, plan.width, plan.height, `0 0 ${w} ${h}`, body)
}

/** The frames of one loop as raw RGB, in order; `only` draws some of them for a look. */
export async function* framesOfClip(plan: ClipPlan, total: number, only?: readonly number[]): AsyncGenerator<Buffer> {
  const raw = { width: plan.width, height: plan.height, channels: 4 as const }
  const back = await still(plan)
  for (const frame of only ?? Array.from({ length: total }, (_, index) => index)) {
    const over = Buffer.from(moving(plan, momentAt(plan, frame)))
    yield await sharp(back, { raw })
      .composite([{ input: over }])
      .removeAlpha()
      .raw()
      .toBuffer()
  }
}

export const describe = (plan: ClipPlan): string => `${plan.name}: ${secondsOf(plan).toFixed(2)} s, ${plan.width}x${plan.height}`
