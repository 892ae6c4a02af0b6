import type { Out } from '@efir/contract/act.ts'
import { reserveLot, shelf } from '@efir/contract/lots.ts'
import { type Locale, textIn } from '@efir/contract/scalars.ts'
import { showPage } from '@efir/contract/shows.ts'
import { noteServerTime, serverNow } from '../../net/clock.ts'
import { RoomSocket } from '../../net/socket.ts'
import { type Lot, type Mine, nothing, type PinOf, pinsAt, type Stock, withStock } from '../../parts/lots/lot.ts'
import { heldOf } from '../../parts/lots/mine.ts'
import { type Moment, momentOf } from '../../parts/lots/moment.ts'
import { roomPins } from '../../parts/lots/pins.ts'
import type { Player } from '../../player/player.ts'
import { newKey } from './dom.ts'
import type { Guest } from './guest.ts'

export type Page = Out<typeof showPage>
export interface Bought {
  readonly lot: Lot
  readonly reservationId?: string
  readonly offer?: string
  readonly variantId: string
  readonly quantity: number
}

export interface ShowOptions {
  readonly base: string
  readonly showId: string
  readonly guest: Guest
  readonly video: HTMLVideoElement
  readonly locale: () => Locale
  readonly onChange: () => void
  readonly onEvent: (name: string, detail: object) => void
}

const lookEveryMs = 500
const reportEveryMs = 2_000
/** Where there is no room to hear from. */
const askEveryMs = 5_000

/** What the component knows of its show: page, room, picture, lots and what this guest has of them. */
export class Show {
  page: Page | null = null
  problem: string | null = null
  lots: readonly Lot[] = []
  player: Player | null = null
  private readonly options: ShowOptions
  private shelfLots: readonly Lot[] = []
  private shelfPins: Out<typeof shelf>['pins'] = []
  private room: RoomSocket | null = null
  private readonly mine = new Map<string, Mine>()
  private readonly counting = new Map<string, number>()
  private readonly keys = new Map<string, string>()
  private lastOpen = ''
  private readonly timers: ReturnType<typeof setInterval>[] = []
  private closed = false

  constructor(options: ShowOptions) {
    this.options = options
  }

  async open(): Promise<void> {
    const { guest, showId } = this.options
    const answer = await guest.call(showPage, { showId })
    if (this.closed) return
    if (!answer.ok) {
      this.problem = answer.refusal ?? answer.failure
      return this.options.onChange()
    }
    this.page = answer.value
    noteServerTime(answer.value.now, Date.now(), Date.now())
    this.options.onEvent('efir:ready', { showId })
    await this.readShelf()
    if (this.closed) return
    void this.play()
    if (this.state !== 'replay') this.join()
    this.timers.push(
      setInterval(() => this.look(), lookEveryMs),
      setInterval(() => this.report(), reportEveryMs),
    )
    this.timers.push(setInterval(() => this.room?.status.at !== 'open' && void this.readShelf(), askEveryMs))
    this.look()
  }

  get state(): Page['show']['state'] | null {
    const told = this.room?.store.newest<{ state: Page['show']['state'] }>('show')
    return told?.state ?? this.page?.show.state ?? null
  }

  get title(): string {
    return textIn(this.page?.show.title, this.options.locale())
  }

  /** The lot that the host speaks of. */
  get lot(): Lot | null {
    const first = this.pins()[0]
    return this.lots.find((lot) => lot.id === first?.lotId) ?? null
  }

  momentOf(lot: Lot): Moment {
    return momentOf({
      lot,
      mine: this.mine.get(lot.id) ?? nothing,
      now: serverNow(),
      countingSince: this.countingSince(lot),
      online: navigator.onLine,
      delayMs: this.delayMs(),
      selling: ['live', 'paused', 'replay', 'ended'].includes(this.state ?? ''),
    })
  }

  set(lotId: string, mine: Mine): void {
    this.mine.set(lotId, mine)
    this.options.onChange()
  }

  mineOf = (lotId: string): Mine => this.mine.get(lotId) ?? nothing

  /** Units for this guest, or the refusal's code. The key stays until there is an answer: a second press is the same wish. */
  async reserve(lot: Lot): Promise<Bought | string> {
    const { guest, showId, locale } = this.options
    this.set(lot.id, { at: 'asking' })
    if (!(await guest.become(showId, locale()))) {
      this.set(lot.id, nothing)
      return 'site_not_allowed'
    }
    const key = this.keys.get(lot.id) ?? newKey()
    this.keys.set(lot.id, key)
    const wish = {
      lotId: lot.id,
      variantId: lot.variants[0]?.variantId,
      quantity: 1,
      key,
      seenVersion: lot.dealVersion,
      delayMs: this.delayMs(),
    }
    let answer = await guest.call(reserveLot, wish)
    for (let attempt = 0; !answer.ok && answer.refusal === 'busy' && attempt < 8; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      answer = await guest.call(reserveLot, wish)
    }
    if (answer.ok || answer.refusal !== null) this.keys.delete(lot.id)
    if (!answer.ok) {
      this.set(lot.id, nothing)
      return answer.refusal ?? answer.failure
    }
    const { reservation, offer, variantId, quantity } = answer.value
    this.set(lot.id, reservation ? { at: 'held', held: heldOf(reservation) } : nothing)
    this.room?.rejoin()
    this.options.onEvent('efir:reserved', { lotId: lot.id, quantity })
    return { lot, variantId, quantity, ...(reservation ? { reservationId: reservation.id } : {}), ...(offer ? { offer } : {}) }
  }

  close(): void {
    this.closed = true
    for (const timer of this.timers) clearInterval(timer)
    this.room?.leave()
    this.player?.close()
  }

  private async play(): Promise<void> {
    const url = this.page?.playback.liveUrl ?? this.page?.playback.replayUrl
    if (!url) return
    const { openPlayer } = await import('../../player/player.ts')
    if (this.closed) return
    this.player = openPlayer(this.options.video, {
      url: new URL(url, this.options.base).href,
      live: this.state !== 'replay',
      onState: () => this.options.onChange(),
    })
  }

  private join(): void {
    const { base, showId, guest } = this.options
    const room = new RoomSocket({
      url: `${base.replace(/^http/, 'ws')}/room`,
      room: showId,
      token: () => guest.token(),
      pictureNow: () => this.player?.pictureTime() ?? null,
      renew: async () => void (await guest.become(showId, this.options.locale())),
      onTime: noteServerTime,
    })
    room.store.subscribe(() => this.look())
    room.onPersonal((type, data) => {
      if (type !== 'reservation.expired') return
      const gone = (data as { reservationId?: string }).reservationId
      for (const [lotId, mine] of this.mine)
        if (mine.at === 'held' && mine.held.reservation.id === gone) this.mine.set(lotId, nothing)
      this.look()
    })
    this.room = room
  }

  private async readShelf(): Promise<void> {
    const answer = await this.options.guest.call(shelf, { showId: this.options.showId })
    if (!answer.ok) return
    this.shelfLots = answer.value.lots
    this.shelfPins = answer.value.pins
    this.look()
  }

  private pins(): readonly PinOf[] {
    if (this.state === 'replay') return pinsAt(this.shelfPins, this.player?.pictureTime() ?? 0)
    if (this.room && this.room.status.at !== 'connecting') return roomPins(this.room.store)
    return this.shelfPins.filter((pin) => pin.endAt === undefined)
  }

  /** Puts together what is known now; the card is drawn again only when it would look otherwise. */
  private look(): void {
    if (this.closed || !this.page) return
    const known = new Map(this.shelfLots.map((lot) => [lot.id, lot]))
    const store = this.room?.store
    for (const key of store?.keys('lot:') ?? []) {
      const lot = store?.value<Lot>(key)
      if (lot) known.set(lot.id, lot)
    }
    this.lots = [...known.values()].map((lot) => withStock(lot, store?.value<Stock>(`stock:${lot.id}`) ?? null))
    const { lot } = this
    const open = lot && this.momentOf(lot).at === 'buy' ? `${lot.id} ${lot.opensAt ?? ''}` : ''
    if (lot && open !== '' && open !== this.lastOpen)
      this.options.onEvent('efir:lot-opened', { lotId: lot.id, number: lot.number })
    if (open !== '') this.lastOpen = open
    this.options.onChange()
  }

  private countingSince(lot: Lot): number | undefined {
    if (lot.state !== 'counting' || lot.opensAt === undefined) return undefined
    const key = `${lot.id} ${lot.opensAt}`
    if (!this.counting.has(key)) this.counting.set(key, serverNow())
    return this.counting.get(key)
  }

  private delayMs = (): number => Math.round(Math.max(0, this.player?.behindMs(serverNow()) ?? 0))

  private report(): void {
    const behind = this.state === 'replay' ? null : (this.player?.behindMs(serverNow()) ?? null)
    if (behind !== null) this.room?.reportDelay(behind)
  }
}
