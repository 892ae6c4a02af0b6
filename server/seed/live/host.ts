import type { Out } from '@efir/contract/act.ts'
import { lotBoard, openLot, pinLot, unpinLot } from '@efir/contract/lots.ts'
import { receiveStock } from '@efir/contract/stock.ts'
import { pause } from './chance.ts'
import { aside, log } from './log.ts'
import type { LivePerson } from './person.ts'
import type { LivePlan } from './plan.ts'
import type { LivePicture } from './publisher.ts'

type DeskLot = Out<typeof lotBoard>['lots'][number]

const lookMs = 4_000
/** After an act of a person the program leaves the desk to them for so long. */
const stepBackMs = 4 * 60_000
/** Long enough for a newcomer to see the numbers run, and for every viewer's picture to get there. */
const countdownMs = 7_000
const settleMs = 700
/** The product is up in the hand so long after its stretch begins. */
const raisedMs = 500

/** What is on sale, for those who play the viewers. */
export interface LiveDesk {
  readonly lots: readonly DeskLot[]
  /** The product in the picture, by its name in the seed. */
  readonly product: string | null
  readonly steppedBack: boolean
}

export interface Desk extends LiveDesk {
  stop(): Promise<void>
}

/** The host's hands: pins what is in the picture, opens it for a minute, and sees that something can be bought at any time. */
export function openDesk(options: {
  plan: LivePlan
  host: LivePerson
  restockers: ReadonlyMap<string, LivePerson>
  picture: LivePicture
  signal: AbortSignal
}): Desk {
  const desk = new HostDesk(options)
  const running = desk.run()
  return Object.assign(desk, { stop: () => running })
}

class HostDesk implements LiveDesk {
  lots: readonly DeskLot[] = []
  product: string | null = null
  private readonly options: Parameters<typeof openDesk>[0]
  private stepBackUntil = 0
  private countdownMinMs = countdownMs
  /** What the desk itself has done, to know what others did: the primary pin, and lots with the end of their window. */
  private pinned: string | null = null
  private readonly opened = new Map<string, number>()
  private openedChapter = -1
  private nothingOpenSince = performance.now()
  private looked = false

  constructor(options: Parameters<typeof openDesk>[0]) {
    this.options = options
  }

  get steppedBack(): boolean {
    return performance.now() < this.stepBackUntil
  }

  async run(): Promise<void> {
    const { signal } = this.options
    while (!signal.aborted) {
      try {
        await this.turn()
      } catch (problem) {
        log('desk', { problem: (problem as Error).message })
      }
      await pause(this.untilNextLook(), signal)
    }
  }

  /** The card changes with the picture: the next look is not later than the next product. */
  private untilNextLook(): number {
    const { picture } = this.options
    const position = picture.positionMs()
    const next = position === null ? undefined : picture.program.chapters.find((c) => position < c.endMs)
    return next === undefined || position === null ? lookMs : Math.min(lookMs, next.endMs - position + raisedMs)
  }

  private async turn(): Promise<void> {
    const { plan, host, picture } = this.options
    const board = await host.try(lotBoard, { showId: plan.showId })
    if (board === null) return
    this.lots = board.lots
    this.countdownMinMs = board.countdownMinMs
    this.watchHands()
    const position = picture.positionMs()
    const chapter = position === null ? -1 : picture.program.chapters.findIndex((c) => position < c.endMs)
    this.product = picture.program.chapters[chapter]?.productId ?? null
    this.restock()
    if (this.steppedBack || chapter < 0) return
    await this.follow(chapter)
    await this.keepSomethingOpen()
  }

  /** Pins and openings that are not ours: a person is at the desk. */
  private watchHands(): void {
    const primary = this.lots.find((l) => l.pinned === 'primary')?.id ?? null
    const strange = this.lots.filter((l) => isOpen(l) && !this.opened.has(l.id))
    const closedByHand = this.lots.some(
      (l) => !isOpen(l) && l.state !== 'sold_out' && (this.opened.get(l.id) ?? 0) > Date.now() + 2_000,
    )
    const moved = primary !== null && primary !== this.pinned
    for (const lot of this.lots) if (!isOpen(lot)) this.opened.delete(lot.id)
    for (const lot of strange) this.opened.set(lot.id, lot.closesAt ?? 0)
    this.pinned = primary
    if (this.looked && (moved || strange.length > 0 || closedByHand)) {
      this.stepBackUntil = performance.now() + stepBackMs
      log('a person is at the desk', { pinned: primary })
    }
    this.looked = true
    if (this.lots.some(isOpen)) this.nothingOpenSince = performance.now()
  }

  private async follow(chapter: number): Promise<void> {
    const lot = this.lotOf(this.options.picture.program.chapters[chapter]?.productId)
    if (!lot) return
    if (this.pinned !== lot.id) {
      await this.clearAsides(lot.id)
      await this.pin(lot.id, 'primary')
    }
    if (this.openedChapter === chapter || isOpen(lot)) return
    this.openedChapter = chapter
    await pause(settleMs, this.options.signal)
    // Refused while the opening before is in its last grace: the next look tries again.
    if (!(await this.open(lot))) this.openedChapter = -1
  }

  private async pin(lotId: string, slot: 'primary' | 'second'): Promise<void> {
    if ((await this.options.host.try(pinLot, { lotId, slot })) && slot === 'primary') this.pinned = lotId
  }

  /** Yesterday's small pins go; what is still open stays beside the new one. */
  private async clearAsides(next: string): Promise<void> {
    for (const lot of this.lots) {
      if (lot.pinned && lot.id !== next && (lot.pinned !== 'primary' || !lasts(lot)))
        await this.options.host.try(unpinLot, { lotId: lot.id })
      else if (lot.pinned === 'primary' && lot.id !== next) await this.pin(lot.id, 'second')
    }
  }

  private async open(lot: DeskLot): Promise<boolean> {
    const made = await this.options.host.try(openLot, { lotId: lot.id, countdownMs: Math.max(countdownMs, this.countdownMinMs) })
    if (!made) return false
    this.opened.set(lot.id, made.closesAt ?? 0)
    this.nothingOpenSince = performance.now()
    return true
  }

  /** A lot that sold out early leaves a hole: one of the others fills it. */
  private async keepSomethingOpen(): Promise<void> {
    if (performance.now() - this.nothingOpenSince < 16_000) return
    const { plan, picture } = this.options
    const shown = new Set(picture.program.chapters.map((c) => c.productId))
    const spares = plan.lots.filter((l) => !shown.has(l.product)).map((l) => l.lotId)
    const spare = this.lots.find((l) => spares.includes(l.id)) ?? this.lots[0]
    if (!spare) return
    await this.pin(spare.id, 'second')
    await this.open(spare)
  }

  private lotOf(product: string | undefined): DeskLot | undefined {
    const lotId = this.options.plan.lots.find((l) => l.product === product)?.lotId
    return this.lots.find((l) => l.id === lotId)
  }

  /** New goods come in before the shelf is bare. */
  private restock(): void {
    for (const lot of this.lots) {
      const person = this.options.restockers.get(lot.shopId)
      if (!person || isOpen(lot) || lot.stockFree >= lot.quota) continue
      const quantity = Math.ceil(lot.quota / lot.variants.length) + 5
      for (const { variantId } of lot.variants) {
        aside('restock', person.try(receiveStock, { shopId: lot.shopId, variantId, quantity, note: 'demo' }))
      }
    }
  }
}

/** Worth a place beside the next one. */
const lasts = (lot: DeskLot): boolean => isOpen(lot) && (lot.closesAt ?? Number.POSITIVE_INFINITY) > Date.now() + 10_000

/** Also after its end the server calls it open for the grace of late pictures. */
const isOpen = (lot: DeskLot): boolean =>
  lot.state === 'counting' || (lot.state === 'open' && (lot.closesAt ?? Number.POSITIVE_INFINITY) > Date.now())
