/** A pen collects the gradients, blurs and clips of one picture, so that drawings can stay plain functions. */
export type Pen = {
  /** Linear gradient; 0 runs to the right, 90 downwards. A stop is `#rrggbb`, `#rrggbb@0.4` or `#rrggbb@0.4/0.5` (opacity). */
  lin: (angle: number, ...stops: string[]) => string
  rad: (cx: number, cy: number, r: number, ...stops: string[]) => string
  blur: (deviation: number) => string
  clip: (shape: string) => string
  defs: () => string
}

const stopsMarkup = (stops: readonly string[]): string =>
  stops
    .map((stop, index) => {
      const [colour, rest] = stop.split('@')
      const [offset, opacity] = (rest ?? String(stops.length > 1 ? index / (stops.length - 1) : 0)).split('/')
      const alpha = opacity === undefined ? '' : ` stop-opacity="${opacity}"`
      return `<stop offset="${offset}" stop-color="${colour}"${alpha}/>`
    })
    .join('')

const round = (value: number): number => Math.round(value * 1000) / 1000

export const makePen = (): Pen => {
  const known = new Map<string, string>()
  const parts: string[] = []
  const define = (kind: string, build: (id: string) => string): string => {
    const key = build('')
    let id = known.get(key)
    if (id === undefined) {
      id = `${kind}${known.size}`
      known.set(key, id)
      parts.push(build(id))
    }
    return `url(#${id})`
  }
  return {
    lin: (angle, ...stops) => {
      const turn = (angle * Math.PI) / 180
      const [dx, dy] = [Math.cos(turn) / 2, Math.sin(turn) / 2]
      const box = `x1="${round(0.5 - dx)}" y1="${round(0.5 - dy)}" x2="${round(0.5 + dx)}" y2="${round(0.5 + dy)}"`
      return define('l', (id) => `<linearGradient id="${id}" ${box}>${stopsMarkup(stops)}</linearGradient>`)
    },
    rad: (cx, cy, r, ...stops) =>
      define('r', (id) => `<radialGradient id="${id}" cx="${cx}" cy="${cy}" r="${r}">${stopsMarkup(stops)}</radialGradient>`),
    blur: (deviation) =>
      define(
        'b',
        (id) =>
          `<filter id="${id}" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`,
      ),
    clip: (shape) => define('c', (id) => `<clipPath id="${id}">${shape}</clipPath>`),
    defs: () => `<defs>${parts.join('')}</defs>`,
  }
}

const channels = (hex: string): [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

/** `share` of the second colour in the first. */
export const mix = (from: string, to: string, share: number): string => {
  const [a, b] = [channels(from), channels(to)]
  return `#${a
    .map((value, i) =>
      Math.round(value + ((b[i] ?? 0) - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

export const lighten = (hex: string, share: number): string => mix(hex, '#fffaf4', share)
export const darken = (hex: string, share: number): string => mix(hex, '#0c0a0d', share)

export const document = (pen: Pen, width: number, height: number, viewBox: string, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${viewBox}">${pen.defs()}${body}</svg>`

export const place = (body: string, x: number, y: number, scale = 1, rotate = 0): string =>
  `<g transform="translate(${round(x)} ${round(y)}) rotate(${round(rotate)}) scale(${round(scale)})">${body}</g>`

export const times = (count: number, draw: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => draw(index)).join('')

/** A small repeatable generator (mulberry32): the same seed draws the same picture. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
