import type { Clock } from '../../../kernel/clock.ts'
import { frameText } from '../hub/frame.ts'
import type { Hub } from '../hub/hub.ts'
import { type PageAnswer, PagedRoom, pageMs } from './pages.ts'

/** A room whose pages nobody asks for is let go. */
const idleMs = 30_000
const mostRooms = 500

/** The rooms of this process that are read through caches. */
export class PageDesk {
  private readonly hub: Hub
  private readonly clock: Clock
  private readonly rooms = new Map<string, PagedRoom>()

  constructor(hub: Hub, clock: Clock = hub.clock) {
    this.hub = hub
    this.clock = clock
  }

  /** The whole room now and the page that goes on from it; null for whom there is nothing to see. */
  async start(showId: string): Promise<string | null> {
    const paged = await this.roomOf(showId)
    const room = this.hub.room(showId)
    if (!paged || !room) return null
    const now = this.clock.now()
    const head = JSON.stringify({
      epoch: this.hub.epoch,
      slot: Math.floor(now / pageMs),
      pageMs,
      now,
      reconnect: room.reconnectWindow(),
    })
    return `${head.slice(0, -1)},"snapshot":${frameText(room.snapshot(now))}}`
  }

  /** Only rooms that somebody has begun to read here or that can be opened: the epoch tells whether its positions still count. */
  async page(showId: string, epoch: string, slot: number): Promise<PageAnswer> {
    if (epoch !== this.hub.epoch) return 'gone'
    const known = this.rooms.has(showId)
    const paged = await this.roomOf(showId)
    if (!paged) return 'gone'
    const answer = paged.page(slot, this.clock.now())
    // Just begun here: of the seconds before nothing is known.
    return !known && answer !== 'early' ? 'gone' : answer
  }

  /** Called now and then. */
  tidy(): void {
    const now = this.clock.now()
    for (const [showId, paged] of this.rooms) {
      if (paged.ended === null && now - paged.askedAt < idleMs) continue
      paged.leave()
      this.rooms.delete(showId)
    }
  }

  leaveAll(): void {
    for (const paged of this.rooms.values()) paged.leave()
    this.rooms.clear()
  }

  private async roomOf(showId: string): Promise<PagedRoom | null> {
    const known = this.rooms.get(showId)
    if (known && known.ended === null) {
      known.askedAt = this.clock.now()
      await known.opened()
      return known.ended === null ? known : null
    }
    if (this.rooms.size >= mostRooms) return null
    const paged = new PagedRoom(this.hub, showId, this.clock)
    this.rooms.set(showId, paged)
    await paged.opened()
    if (paged.ended === null) return paged
    if (this.rooms.get(showId) === paged) this.rooms.delete(showId)
    return null
  }
}
