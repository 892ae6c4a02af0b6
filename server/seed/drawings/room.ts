import { ROOMS, type RoomName } from './hosts.ts'
import { darken, lighten, type Pen, place, times } from './svg.ts'

const plant = (x: number, y: number, scale: number): string =>
  place(
    `<path d="M0 0c-34-28-46-70-34-106 22 16 34 46 34 72 0-40 14-84 42-98 10 42-4 92-26 122 16-24 44-34 66-30-10 26-38 42-66 42z" fill="#5b7350"/><path d="M-2 0c-16-20-24-48-22-78M16-8c4-30 10-60 20-90" stroke="#7f9a6c" stroke-width="3" fill="none"/><path d="M-28-4h68l-8 56h-52z" fill="#e2d2ba"/>`,
    x,
    y,
    scale,
  )

const books = (x: number, y: number): string =>
  ['#7b3f38', '#cbb58f', '#45606b', '#b98a4e', '#6b5f7a']
    .map(
      (colour, i) =>
        `<rect x="${x + i * 19}" y="${y - 78 - (i % 3) * 10}" width="16" height="${78 + (i % 3) * 10}" rx="2" fill="${colour}"/>`,
    )
    .join('')

/** A wall clock; hands follow `seconds` of the day so that a clip can show time passing. */
export const wallClock = (pen: Pen, x: number, y: number, radius: number, seconds: number): string => {
  const turn = (period: number): string => ((seconds / period) * 360).toFixed(2)
  const hand = (period: number, length: number, width: number, colour: string): string =>
    `<path d="M0 ${width * 1.6}V${-length}" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" transform="rotate(${turn(period)})"/>`
  return place(
    `<circle r="50" cx="3" cy="5" fill="#000" opacity=".35" filter="${pen.blur(5)}"/><circle r="48" fill="${pen.lin(45, '#f0d9b4', '#8c6a42')}"/><circle r="43" fill="${pen.rad(0.4, 0.3, 0.9, '#fffaf0', '#e9dcc6')}"/>
    ${times(12, (i) => `<rect x="-1.200" y="-39" width="2.400" height="${i % 3 === 0 ? 8 : 4.5}" rx="1.200" fill="#4a3a2b" transform="rotate(${i * 30})"/>`)}
    ${hand(43200, 20, 4.6, '#33271d')}${hand(3600, 30, 3.2, '#33271d')}${hand(60, 34, 1.4, '#d9532c')}<circle r="3.400" fill="#d9532c"/>`,
    x,
    y,
    radius / 48,
  )
}

/** A room of `w` by `h` seen a little out of focus, lit by a lamp from the left. */
export const room = (pen: Pen, name: RoomName, w: number, h: number): string => {
  const [light, shade, corner] = ROOMS[name]
  const wide = w > h
  const [sx, lamp, floor] = [wide ? w * 0.68 : w * 0.66, wide ? w * 0.1 : w * 0.12, h * 1.02]
  const unit = wide ? 1.15 : 1
  const shelf = (y: number, opacity: number): string =>
    `<rect x="${sx}" y="${y}" width="${w}" height="11" fill="${lighten(light, 0.15)}" opacity="${opacity}"/><rect x="${sx}" y="${y + 11}" width="${w}" height="9" fill="#000" opacity=".3"/>`
  const [first, second] = [h * (wide ? 0.36 : 0.265), h * (wide ? 0.62 : 0.45)]
  return `<rect width="${w}" height="${h}" fill="${pen.rad(0.32, 0.24, 0.95, lighten(light, 0.08), `${shade}@0.5`, corner)}"/>
    <g filter="${pen.blur(20)}" fill="#ffe6bf" opacity=".17"><path d="M${-w * 0.1} ${h * 0.08}L${w * 0.66} ${-h * 0.1}l70 60L${-w * 0.1} ${h * 0.19}zM${-w * 0.1} ${h * 0.25}L${w * 0.86} ${-h * 0.04}l60 60L${-w * 0.1} ${h * 0.36}z"/></g>
    <g filter="${pen.blur(7)}">${shelf(first, 0.8)}${shelf(second, 0.6)}${plant(sx + 54 * unit, first - 52 * unit, unit * 0.95)}${books(sx + 128 * unit, first)}
      <rect x="${sx + 26}" y="${second - 66}" width="62" height="66" rx="9" fill="#e8dbc8" opacity=".85"/><circle cx="${sx + 130}" cy="${second - 30}" r="30" fill="${darken(light, 0.28)}"/>${wide ? `${books(sx + 210, second)}${plant(sx + 340, second - 60, 1)}` : ''}
      <rect x="${-w * 0.06}" y="${h * 0.16}" width="${w * 0.2}" height="${h * 0.36}" rx="6" fill="#000" opacity=".22"/><path d="M${w * 0.005} ${floor}V${h * 0.24}" stroke="#150d09" stroke-width="7" opacity=".6"/></g>
    <circle cx="${lamp}" cy="${h * 0.18}" r="${165 * unit}" fill="${pen.rad(0.5, 0.5, 0.5, '#fff3d6@0/0.95', '#ffd79a@0.32/0.6', '#ffb765@1/0')}"/><ellipse cx="${lamp}" cy="${h * 0.18}" rx="${36 * unit}" ry="${34 * unit}" fill="#fff6e2" filter="${pen.blur(7)}"/>
    <g fill="#ffe0ae" filter="${pen.blur(1.5)}">${times(7, (i) => `<circle cx="${w * (0.25 + i * 0.11)}" cy="${h * (0.06 + ((i * 5) % 4) * 0.026)}" r="${8 + ((i * 7) % 9)}" opacity="${0.1 + (i % 3) * 0.06}"/>`)}</g>`
}

/** The table's edge at the bottom; products stand on it. */
export const table = (pen: Pen, name: RoomName, w: number, y: number, h: number): string =>
  `<rect y="${y - 26}" width="${w}" height="40" fill="#000" opacity=".35" filter="${pen.blur(12)}"/><path d="M${-w * 0.05} ${y + 20}C${w * 0.2} ${y - 6} ${w * 0.8} ${y - 6} ${w * 1.05} ${y + 20}V${h}H${-w * 0.05}z" fill="${pen.lin(90, lighten(darken(ROOMS[name][0], 0.42), 0.08), darken(ROOMS[name][2], 0.1))}"/><path d="M${-w * 0.05} ${y + 20}C${w * 0.2} ${y - 6} ${w * 0.8} ${y - 6} ${w * 1.05} ${y + 20}" stroke="#ffe2bd" stroke-opacity=".35" stroke-width="2.500" fill="none"/>`
