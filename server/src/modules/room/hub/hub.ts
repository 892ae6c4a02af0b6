import type { CloseReason } from '@efir/contract/room/close-codes.ts'
import type { ChatLine, ChatMark, ReconnectWindow } from '@efir/contract/room/down.ts'
import type { Cancel, Clock } from '../../../kernel/clock.ts'
import type { Log } from '../../../kernel/log.ts'
import { Connection } from './connection.ts'
import type { RoomImage } from './image.ts'
import { type RoomLimits, roomDefaults } from './limits.ts'
import type { RoomMessage } from './messages.ts'
import { PersonalChannel } from './personal.ts'
import { Room, type RoomStart } from './room.ts'
import type { Member, Viewer, Wire } from './viewer.ts'

export interface Saying {
  readonly member: Member
  readonly mark: ChatMark | null
  readonly key: string
  readonly text: string
}

export interface RoomCrowd {
  readonly viewers: number
  readonly delayP95Ms: number | null
}

export interface HubOptions {
  readonly clock: Clock
  /** Names this life of the sequence; a position of another epoch is never resumed. */
  readonly epoch: string
  /** Position of the event log up to which everything is known to have been applied. */
  readonly pos: number
  /**
   * Reads what a room begins with; null when there is no such room. Called after the position was taken. `known`: another process
   * told its state, so who may enter is enough.
   */
  readonly open: (room: string, known: boolean) => Promise<RoomStart | null>
  /** Verified here, without the database. */
  readonly memberOf: (token: string) => Member | 'token_expired' | 'token_wrong'
  /** Keeps a line in the log, then hands it to `chat`; throws a Refusal when it may not be said. */
  readonly say: (room: string, saying: Saying) => Promise<ChatLine>
  /** How many watch and the p95 of their reported delays (null when nobody reported), every few seconds when it changed. */
  readonly onCrowd?: (room: string, crowd: RoomCrowd) => void
  /** Where other processes have the same rooms. */
  readonly share?: RoomShare
  readonly onSent?: (bytes: number, viewers: number) => void
  readonly limits?: Partial<RoomLimits>
  readonly log?: Log
  /** Lets other work have its turn within a long fan-out. */
  readonly defer?: (next: () => void) => void
}

/** How a room stands among the processes that have it. */
export interface Found {
  /** What one of them told; null: it is read from the log and the tables. */
  readonly image: RoomImage | null
  /** Number behind which the frames of this process begin; null when another makes them. */
  readonly firstFrame: number | null
}
export interface RoomShare {
  find(name: string): Promise<Found>
  opened(room: Room): void
  left(name: string): void
}

const unknownMs = 5_000

/** All rooms and connections of this process. Only `tick` sends shared frames. */
export class Hub {
  readonly clock: Clock
  epoch: string
  readonly limits: RoomLimits
  readonly log: Log | undefined
  readonly memberOf: HubOptions['memberOf']
  readonly say: HubOptions['say']
  readonly personal: PersonalChannel
  pos: number
  private readonly options: HubOptions
  private readonly rooms = new Map<string, Room>()
  private readonly opening = new Map<string, { promise: Promise<Room | CloseReason>; later: ((room: Room) => void)[] }>()
  private readonly unknown = new Map<string, number>()
  private readonly connections = new Set<Connection>()
  private readonly unjoined = new Set<Connection>()
  private readonly seats = new Map<Viewer, Connection>()
  private readonly toldCrowd = new Map<string, RoomCrowd>()
  private crowdsAt: number
  private count = 0
  private closing = false

  constructor(options: HubOptions) {
    this.options = options
    this.clock = options.clock
    this.epoch = options.epoch
    this.limits = { ...roomDefaults, ...options.limits }
    this.log = options.log
    this.memberOf = options.memberOf
    this.say = options.say
    this.pos = options.pos
    this.personal = new PersonalChannel(options.pos, this.limits.personal)
    this.crowdsAt = options.clock.now()
  }

  /** Null when this process takes no more. `ticket` is a token that came with the handshake, for a join that brings none. */
  connect(wire: Wire, ticket?: string): Connection | null {
    if (this.closing || this.connections.size >= this.limits.connections) return null
    const connection = new Connection(this, wire, { id: ++this.count, now: this.clock.now(), ticket })
    this.connections.add(connection)
    this.unjoined.add(connection)
    return connection
  }

  get size(): number {
    return this.connections.size
  }

  /** Connections closed from this side since the start, by reason. */
  readonly closes = new Map<CloseReason, number>()

  /** How viewers of all rooms stand. */
  standing(): { full: number; lean: number; held: number } {
    const all = { full: 0, lean: 0, held: 0 }
    for (const room of this.rooms.values()) {
      const { full, lean, held } = room.standing
      all.full += full
      all.lean += lean
      all.held += held
    }
    return all
  }

  forget(connection: Connection): void {
    this.connections.delete(connection)
    this.unjoined.delete(connection)
  }

  /** The line broke or was closed by the other end. */
  lost(connection: Connection): void {
    this.forget(connection)
    connection.end()
  }

  room(name: string): Room | undefined {
    return this.rooms.get(name)
  }

  /** Names of the rooms that are open here. */
  open(): string[] {
    return [...this.rooms.keys()]
  }

  /** Whether anything said in this room now would reach somebody. */
  watches(name: string): boolean {
    return this.rooms.has(name) || this.opening.has(name)
  }

  /** At once when the room is open, else when it has been read. */
  roomNamed(name: string): Room | CloseReason | Promise<Room | CloseReason> {
    const open = this.rooms.get(name)
    if (open) return open
    if ((this.unknown.get(name) ?? 0) > this.clock.now()) return 'room_unknown'
    if (this.rooms.size + this.opening.size >= this.limits.rooms) return 'overloaded'
    return this.opening.get(name)?.promise ?? this.openRoom(name)
  }

  /** Whether this process is the one to tell the room of events. */
  composes(name: string): boolean {
    const room = this.rooms.get(name)
    return room ? room.composing || room.promised : this.opening.has(name)
  }

  /**
   * The position is taken before the state is read: what changes meanwhile is either in the state already or comes again from
   * the log, and absolute values may come twice.
   */
  private openRoom(name: string): Promise<Room | CloseReason> {
    const later: ((room: Room) => void)[] = []
    const promise = this.readRoom(name).then(
      (room) => {
        this.opening.delete(name)
        if (!room) return this.noteUnknown(name)
        for (const call of later) call(room)
        this.rooms.set(name, room)
        this.options.share?.opened(room)
        return room
      },
      (problem: unknown) => {
        this.opening.delete(name)
        this.options.share?.left(name)
        throw problem
      },
    )
    this.opening.set(name, { promise, later })
    return promise
  }

  private async readRoom(name: string): Promise<Room | null> {
    const { share } = this.options
    const found = share ? await share.find(name) : null
    const { pos } = this
    const start = await this.options.open(name, found?.image != null)
    if (!start) return null
    const { limits } = this
    const defer = this.options.defer ?? setImmediate
    const image = found?.image ?? undefined
    const room = new Room({ name, pos, now: this.clock.now(), start, limits, defer, ...(image && { image }) })
    if (found) found.firstFrame === null ? room.follow() : room.compose(found.firstFrame)
    return room
  }

  private noteUnknown(name: string): CloseReason {
    this.options.share?.left(name)
    if (this.unknown.size >= 10_000) this.unknown.clear()
    this.unknown.set(name, this.clock.now() + unknownMs)
    return 'room_unknown'
  }

  /** To a room that is open or just opening; nobody watches the others. */
  private reach(name: string, call: (room: Room) => void): void {
    const room = this.rooms.get(name)
    if (room) call(room)
    else this.opening.get(name)?.later.push(call)
  }

  /** Messages of one position of the event log. */
  apply(name: string, seq: number, messages: readonly RoomMessage[]): void {
    this.reach(name, (room) => room.apply(seq, messages))
  }

  /** Everything up to here has been applied. A room that may now exist is no longer taken for unknown. */
  advance(pos: number): void {
    this.pos = Math.max(this.pos, pos)
  }

  chat(name: string, line: ChatLine): void {
    this.reach(name, (room) => room.say(line))
  }

  unsay(name: string, gone: (line: ChatLine) => boolean): void {
    this.reach(name, (room) => room.unsay(gone))
  }

  /** Who has the desk and who may enter has changed: those who may no longer stay leave. */
  admit(name: string, entry: RoomStart['entry'], marks: ReadonlyMap<string, ChatMark>): void {
    this.reach(name, (room) => {
      room.entry = entry
      room.marks = marks
      room.everyone((viewer) => {
        viewer.mark = viewer.member ? (marks.get(viewer.member.personId) ?? null) : null
        const trusted = viewer.mark !== null || viewer.member?.operator === true
        if (trusted) return
        if (entry === 'team') this.seats.get(viewer)?.close('not_allowed')
        else if (viewer.desk) room.reseat(viewer, false)
      })
    })
  }

  ban(name: string, personId: string, banned: boolean): void {
    this.reach(name, (room) => {
      if (!banned) return void room.banned.delete(personId)
      room.banned.add(personId)
      for (const viewer of this.personal.of(personId)) {
        const connection = this.seats.get(viewer)
        if (connection?.isIn(room)) connection.close('banned')
      }
    })
  }

  /** Everyone leaves and the room is forgotten; it is read anew when somebody comes. */
  shut(name: string, reason: CloseReason): void {
    const room = this.rooms.get(name)
    if (!room) return
    room.everyone((viewer) => this.seats.get(viewer)?.close(reason))
    this.drop(name)
  }

  private drop(name: string): void {
    this.rooms.delete(name)
    this.toldCrowd.delete(name)
    this.options.share?.left(name)
  }

  enter(room: Room, connection: Connection): void {
    this.unjoined.delete(connection)
    this.seats.set(connection.viewer, connection)
    room.crowd.come(connection.viewer.who)
    this.personal.join(connection.viewer)
  }

  leave(room: Room, connection: Connection): void {
    room.unseat(connection.viewer, this.clock.now())
    room.delays.report(connection.viewer.delayMs, null)
    connection.viewer.delayMs = null
    this.unlist(room, connection)
  }

  /** The connection stays, the person behind it changes. */
  unlist(room: Room, { viewer }: Connection): void {
    room.crowd.leave(viewer.who, this.clock.now())
    this.personal.leave(viewer)
    this.seats.delete(viewer)
  }

  reconnectWindow(): ReconnectWindow {
    const { reconnectMinMs, reconnectMaxMs } = this.limits
    return { minMs: 0, maxMs: Math.min(reconnectMaxMs, Math.max(reconnectMinMs, this.connections.size)) }
  }

  tick(): void {
    const now = this.clock.now()
    const close = (viewer: Viewer) => this.seats.get(viewer)?.close('too_slow')
    for (const [name, room] of this.rooms) {
      room.tick(now, close)
      if (room.size === 0 && now - room.emptyAt > this.limits.emptyMs) {
        this.drop(name)
      }
    }
    for (const connection of this.unjoined) {
      if (now - connection.openedAt < this.limits.joinMs) break
      connection.close('join_late')
    }
    if (now - this.crowdsAt >= this.limits.crowdMs) this.tellCrowds(now)
  }

  private tellCrowds(now: number): void {
    this.crowdsAt = now
    for (const [name, room] of this.rooms) {
      if (!room.composing) continue
      const crowd = { viewers: room.viewers(now), delayP95Ms: room.delays.p95(room.elsewhere.delays) }
      const told = this.toldCrowd.get(name)
      if (told?.viewers === crowd.viewers && told.delayP95Ms === crowd.delayP95Ms) continue
      this.toldCrowd.set(name, crowd)
      this.options.onCrowd?.(name, crowd)
    }
  }

  /** p95 of the delays reported in a room; null when unknown here. */
  delayOf(name: string): number | null {
    return this.rooms.get(name)?.delays.p95(this.rooms.get(name)?.elsewhere.delays) ?? null
  }

  viewersIn(name: string): number {
    return this.rooms.get(name)?.viewers(this.clock.now()) ?? 0
  }

  /** Ticks on the clock, a few times per tick of a room, so that rooms do not all send at once. */
  start(): Cancel {
    return this.clock.every(this.limits.tickMs / 4, () => this.tick())
  }

  /** Tells everyone to come back within a window that grows with their number. */
  leaveAll(): void {
    this.closing = true
    for (const connection of [...this.connections]) connection.close('server_leaving')
  }
}
