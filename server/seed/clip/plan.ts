/**
 * What happens in a clip and when. A loop is a whole number of video frames (25 a second) and of AAC frames
 * (1024 samples at 48 kHz): both fit only multiples of 0.32 s, so the end meets the beginning without a seam.
 */
export const FRAME_RATE = 25
export const SAMPLE_RATE = 48_000
export const STEP_SECONDS = 0.32

export type ClipPlan = {
  name: string
  hostId: string
  width: number
  height: number
  steps: number
  /** Frames between keyframes; divides the length of the clip. */
  keyframeEvery: number
  kbps: number
  products: readonly { id: string; colour?: string }[]
  /** Seed of the melody; each clip has its own. */
  melody: number
}

export const CLIPS: readonly ClipPlan[] = [
  {
    name: 'demo',
    hostId: 'mira',
    width: 540,
    height: 960,
    steps: 94,
    keyframeEvery: 47,
    kbps: 620,
    products: [{ id: 'orvik-pulse-3' }, { id: 'lumbra-air-pro' }, { id: 'ampelko-10k', colour: 'cream' }, { id: 'zephrane-9' }],
    melody: 7,
  },
  {
    name: 'kitchen',
    hostId: 'oksana',
    width: 360,
    height: 640,
    steps: 48,
    keyframeEvery: 48,
    kbps: 330,
    products: [{ id: 'teplino-k17' }, { id: 'frizzana-af6' }],
    melody: 21,
  },
  {
    name: 'care',
    hostId: 'salma',
    width: 360,
    height: 640,
    steps: 48,
    keyframeEvery: 48,
    kbps: 330,
    products: [{ id: 'elmirave-day-cream' }, { id: 'elmirave-vitc-serum' }],
    melody: 55,
  },
  {
    name: 'sound',
    hostId: 'theo',
    width: 360,
    height: 640,
    steps: 48,
    keyframeEvery: 48,
    kbps: 330,
    products: [
      { id: 'lumbra-air-pro', colour: 'graphite' },
      { id: 'zephrane-9-max', colour: 'wine' },
    ],
    melody: 89,
  },
  {
    name: 'outdoor',
    hostId: 'diego',
    width: 640,
    height: 360,
    steps: 48,
    keyframeEvery: 48,
    kbps: 330,
    products: [{ id: 'nordrel-shell-jacket', colour: 'orange' }, { id: 'nordrel-pack-28' }],
    melody: 34,
  },
]

export const framesOf = (plan: ClipPlan): number => Math.round(plan.steps * STEP_SECONDS * FRAME_RATE)
export const secondsOf = (plan: ClipPlan): number => plan.steps * STEP_SECONDS

const smooth = (x: number): number => {
  const t = Math.min(1, Math.max(0, x))
  return t * t * t * (t * (t * 6 - 15) + 10)
}

/** A wave that fits the loop: `turns` whole turns, so the first frame follows the last. */
export const wave = (phase: number, turns: number, shift = 0): number => Math.sin(2 * Math.PI * (phase * turns + shift))

export type Moment = {
  phase: number
  /** Which product is in the hand and how far up it is: 0 below the table, 1 shown. */
  index: number
  raised: number
  blink: number
  talk: number
  tilt: number
  breath: number
  gaze: number
}

const blinkAt = (second: number, total: number): number => {
  let shut = 0
  for (let i = 0, at = 1.4; at < total - 0.3; i += 1, at += 2.6 + ((i * 7) % 5) * 0.55) {
    const away = Math.abs(second - at)
    if (away < 0.14) shut = Math.max(shut, 1 - away / 0.14)
  }
  return shut
}

export const momentAt = (plan: ClipPlan, frame: number): Moment => {
  const total = secondsOf(plan)
  const second = frame / FRAME_RATE
  const phase = second / total
  const share = total / plan.products.length
  const index = Math.floor(second / share) % plan.products.length
  const inside = (second % share) / share
  const raised = Math.min(smooth(inside / 0.13), smooth((1 - inside) / 0.11))
  const phrase = smooth((inside - 0.18) / 0.05) * smooth((0.8 - inside) / 0.05) * (wave(inside, 2, 0.1) > -0.35 ? 1 : 0.1)
  const syllable = Math.abs(Math.sin(second * 11.3)) * 0.6 + Math.abs(Math.sin(second * 7.1 + 1)) * 0.4
  return {
    phase,
    index,
    raised,
    blink: blinkAt(second, total),
    talk: phrase * syllable * 0.62,
    tilt: -1.5 + 2.2 * wave(phase, plan.products.length, 0.15) + 0.8 * wave(phase, plan.products.length * 2 + 1),
    breath: 1.6 * wave(phase, Math.round(total / 4)),
    gaze: 0.75 * smooth((raised - 0.3) / 0.5) * (wave(inside, 1, 0.55) > 0 ? 1 : 0.15),
  }
}
