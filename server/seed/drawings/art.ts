import type { Pen } from './svg.ts'

/** The colours of one variant: the body and its trim (case of a watch, sole of a shoe, lid of a jar). */
export type Tone = { base: string; trim: string }
export type Draw = (pen: Pen, tone: Tone) => string
export type Setting = 'desk' | 'kitchen' | 'bath' | 'floor' | 'forest' | 'street' | 'sea' | 'wardrobe'

/** How one product is drawn. Every drawing fills a box of 200 by 200. */
export type ProductArt = {
  /** The first is the default. The keys are the colour options of the catalogue. */
  colours: Record<string, Tone>
  front: Draw
  detail: Draw
  /** The detail runs out of the lower edge of the picture (a close-up). */
  bleeds?: boolean
  /** How high it hangs over the ground in use, in units of the box. */
  lift?: number
  /** Shown on the wrist instead of the palm. */
  worn?: boolean
  setting: Setting
  /** Centre and radii of the shadow on the floor. */
  shadow: readonly [cx: number, cy: number, rx: number, ry: number]
  /** Keys of the spec sheet shown in the figures view and the point of the drawing each belongs to. */
  figures: readonly (readonly [key: string, x: number, y: number])[]
  /** How it lies in a host's hand: scale, turn and where the hand takes it. */
  held: { scale: number; turn: number; grip: readonly [number, number] }
}
