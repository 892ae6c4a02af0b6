import { type ReactionKind, reactionKinds } from '@efir/contract/room/version.ts'
import { type ChatTag, linesFor } from '../chatter/chatter.ts'
import { between, chance, pause, pickOf, shuffled, untilNextMs } from './chance.ts'
import type { LiveDesk } from './host.ts'
import { aside } from './log.ts'
import { type LivePerson, openPerson } from './person.ts'
import type { LivePlan, LiveViewer } from './plan.ts'
import { type RoomSeat, takeSeat } from './room.ts'

/** One simulated viewer. */
export interface Guest {
  readonly viewer: LiveViewer
  readonly person: LivePerson
  /** How late their picture is; told to the room as players do. */
  readonly delayMs: number
  seat: RoomSeat | null
  spokeAt: number
}

const usualLinesPerMinute = 13
const excitedLinesPerMinute = 26
/** Nobody in the crowd says two things within this. */
const restMs = 35_000
/** A line is not heard again while these many others were said. */
const remembered = 90

export class Crowd {
  readonly guests: readonly Guest[]
  private readonly plan: LivePlan
  private readonly desk: LiveDesk
  private readonly signal: AbortSignal
  private readonly said: string[] = []
  private lastQuestionAt = Number.NEGATIVE_INFINITY
  private soldOutAt = Number.NEGATIVE_INFINITY
  private soldOut = new Set<string>()

  constructor(plan: LivePlan, desk: LiveDesk, signal: AbortSignal) {
    this.plan = plan
    this.desk = desk
    this.signal = signal
    this.guests = shuffled(plan.viewers).map((viewer) => ({
      viewer,
      person: openPerson(plan.origin, viewer.session),
      delayMs: Math.round(between(1_200, 3_600)),
      seat: null,
      spokeAt: Number.NEGATIVE_INFINITY,
    }))
  }

  get present(): Guest[] {
    return this.guests.filter((g) => g.seat?.open)
  }

  run(): void {
    for (const [index, guest] of this.guests.entries()) aside('visits', this.visits(guest, index))
    aside('chat', this.chat())
    aside('reactions', this.reactions())
  }

  /** Comes, stays some minutes, goes, comes back. */
  private async visits(guest: Guest, index: number): Promise<void> {
    const { origin, showId } = this.plan
    await pause(index < 12 ? index * 120 : between(2_000, 45_000), this.signal)
    while (!this.signal.aborted) {
      const stay = new AbortController()
      const leave = () => stay.abort()
      this.signal.addEventListener('abort', leave, { once: true })
      guest.seat = takeSeat({ origin, showId, token: guest.person.token, signal: stay.signal, delayMs: guest.delayMs })
      if (chance(0.35))
        aside(
          'greeting',
          this.later(between(3_000, 9_000), () => this.speak(guest, 'greeting')),
        )
      await pause(between(5, 25) * 60_000, this.signal)
      if (chance(0.3)) this.speak(guest, 'bye')
      await pause(2_000, this.signal)
      leave()
      this.signal.removeEventListener('abort', leave)
      guest.seat = null
      await pause(between(0.4, 4) * 60_000, this.signal)
    }
  }

  private async later(ms: number, call: () => void): Promise<void> {
    await pause(ms, this.signal)
    if (!this.signal.aborted) call()
  }

  private async chat(): Promise<void> {
    while (!this.signal.aborted) {
      await pause(untilNextMs(this.excited ? excitedLinesPerMinute : usualLinesPerMinute), this.signal)
      const rested = this.present.filter((g) => performance.now() - g.spokeAt > restMs)
      const guest = pickOf(rested)
      if (guest) this.speak(guest, this.topic())
    }
  }

  /** A lot opens now: people type faster. */
  private get excited(): boolean {
    return this.desk.lots.some((l) => l.state === 'counting' || (l.state === 'open' && l.left < l.quota * 0.25))
  }

  private topic(): ChatTag {
    const now = performance.now()
    for (const lot of this.desk.lots) {
      if (lot.state === 'sold_out' && !this.soldOut.has(lot.id)) this.soldOutAt = now
      if (lot.state === 'sold_out') this.soldOut.add(lot.id)
      else this.soldOut.delete(lot.id)
    }
    if (now - this.soldOutAt < 20_000 && chance(0.5)) return 'soldout'
    if (now - this.lastQuestionAt < 25_000 && chance(0.25)) return 'reply'
    if (chance(0.3)) {
      this.lastQuestionAt = now
      return `question:${this.plan.lots.find((l) => l.product === this.desk.product)?.category ?? 'any'}`
    }
    return pickOf<ChatTag>(['reaction', 'reaction', 'reaction', 'thinking', 'received']) ?? 'reaction'
  }

  /** In the guest's own language; silent when everything fitting was said lately. */
  speak(guest: Guest, tag: ChatTag): void {
    const fresh = linesFor(guest.viewer.locale, tag).filter((l) => !this.said.includes(l.text))
    const line = pickOf(fresh)
    if (!line || !guest.seat?.say(line.text)) return
    guest.spokeAt = performance.now()
    this.said.push(line.text)
    if (this.said.length > remembered) this.said.shift()
  }

  private async reactions(): Promise<void> {
    const usual: readonly ReactionKind[] = ['heart', 'heart', 'heart', 'fire', 'clap', ...reactionKinds]
    while (!this.signal.aborted) {
      await pause(untilNextMs(this.excited ? 40 : 18), this.signal)
      pickOf(this.present)?.seat?.react(pickOf(usual) ?? 'heart', Math.ceil(between(0, 4)))
    }
  }
}
