import type { ChatLine, Droppables } from '@efir/contract/room/down.ts'
import type { ReactionKind } from '@efir/contract/room/version.ts'
import type { RoomLimits } from './limits.ts'

/** A stable number per line: which lines are shown does not depend on who said them or when they came within the frame. */
function lotteryNumber(id: string): number {
  let hash = 2_166_136_261
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16_777_619)
  return hash >>> 0
}

/** Marked lines always, of the others as many as are left of `budget`, in the order they were said. */
export function sampleOf(lines: readonly ChatLine[], budget: number): ChatLine[] {
  if (lines.length <= budget) return [...lines]
  const plain = lines.filter((line) => !line.mark)
  const room = Math.max(0, budget - (lines.length - plain.length))
  const drawn = new Set(plain.toSorted((a, b) => lotteryNumber(a.id) - lotteryNumber(b.id)).slice(0, room))
  return lines.filter((line) => line.mark || drawn.has(line))
}

/** What may be lost, gathered between two frames. */
export class Drops {
  private lines: ChatLine[] = []
  private readonly reactions = new Map<ReactionKind, number>()
  private readonly limits: RoomLimits
  private tokens: number
  private tokensAt = 0
  private told = -1
  private toldAt = Number.NEGATIVE_INFINITY

  constructor(limits: RoomLimits) {
    this.limits = limits
    this.tokens = limits.linesPerSecond
  }

  say(line: ChatLine): void {
    this.lines.push(line)
    if (this.lines.length > this.limits.deskLines) this.lines.shift()
  }

  react(kind: ReactionKind, count: number): void {
    this.reactions.set(kind, (this.reactions.get(kind) ?? 0) + count)
  }

  waiting(viewers: number, now: number): boolean {
    return this.lines.length > 0 || this.reactions.size > 0 || this.viewersDue(viewers, now)
  }

  /** Empties the basket: one share for viewers, one for the desk. */
  take(viewers: number, now: number): { viewer: Droppables; desk: Droppables } {
    const rate = this.limits.linesPerSecond
    this.tokens = Math.min(rate, this.tokens + ((now - this.tokensAt) * rate) / 1_000)
    this.tokensAt = now
    const shown = sampleOf(this.lines, Math.floor(this.tokens))
    this.tokens = Math.max(0, this.tokens - shown.length)
    const common: Droppables = {}
    if (this.reactions.size > 0) common.react = Object.fromEntries(this.reactions)
    if (this.viewersDue(viewers, now)) {
      common.viewers = viewers
      this.told = viewers
      this.toldAt = now
    }
    const viewer: Droppables = shown.length > 0 ? { ...common, chat: shown } : { ...common }
    if (shown.length < this.lines.length) viewer.more = this.lines.length - shown.length
    const desk: Droppables = this.lines.length > 0 ? { ...common, chat: this.lines } : common
    this.lines = []
    this.reactions.clear()
    return { viewer, desk }
  }

  private viewersDue(viewers: number, now: number): boolean {
    return viewers !== this.told && now - this.toldAt >= this.limits.viewersMs
  }
}
