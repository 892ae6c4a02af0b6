import { CLIPS, type ClipPlan, secondsOf } from './plan.ts'

/** A stretch of a clip, played `times` times over. Each begins and ends with nothing in the hand, so any may follow any. */
export interface Stretch {
  readonly productId: string
  readonly fromMs: number
  readonly toMs: number
  readonly times: number
}

export interface Chapter {
  readonly productId: string
  readonly startMs: number
  readonly endMs: number
}

export interface Program {
  readonly clip: string
  readonly stretches: readonly Stretch[]
  readonly chapters: readonly Chapter[]
  readonly durationMs: number
}

/** Every product of the clip for about so long, one after another: time to ask, to open a lot and to buy. */
export function programOf(clipName: string, productMs: number): Program {
  const plan = CLIPS.find((one) => one.name === clipName)
  if (plan === undefined) throw new Error(`no clip ${clipName}`)
  const stretches = plan.products.map(({ id }, index) => stretchOf(plan, id, index, productMs))
  let startMs = 0
  const chapters = stretches.map(({ productId, fromMs, toMs, times }) => {
    const chapter = { productId, startMs, endMs: startMs + (toMs - fromMs) * times }
    startMs = chapter.endMs
    return chapter
  })
  return { clip: clipName, stretches, chapters, durationMs: startMs }
}

/** Shares of the clip are whole groups of pictures, so each stretch begins with a keyframe. */
function stretchOf(plan: ClipPlan, productId: string, index: number, productMs: number): Stretch {
  const shareMs = Math.round((secondsOf(plan) * 1000) / plan.products.length)
  return { productId, fromMs: shareMs * index, toMs: shareMs * (index + 1), times: Math.max(1, Math.round(productMs / shareMs)) }
}

/** How long each product of a replay is shown. */
export const replayProductMs = 60_000
/** On air: long enough for a countdown and a minute of buying. */
export const liveProductMs = 75_000
