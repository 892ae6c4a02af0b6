import type { ChatLine } from '@efir/contract/room/down.ts'
import type { ReactionKind } from '@efir/contract/room/version.ts'
import type { Bus } from '../../../kernel/bus.ts'
import type { Cancel, Clock } from '../../../kernel/clock.ts'
import type { Log } from '../../../kernel/log.ts'
import { summedDelays } from '../hub/crowd.ts'
import type { Found, Hub, RoomShare } from '../hub/hub.ts'
import type { Composed, RoomImage } from '../hub/image.ts'
import type { Room } from '../hub/room.ts'
import { pack, type Sums, type Told, unpack } from './pack.ts'

/** A composing process that says nothing for this long is replaced: with the look below, within 2.6 s. */
const holdMs = 2_000
const lookMs = 600
/** Who asks for a room waits this long at most, then reads it itself. */
const askMs = 600
/** A process that does not make the frames answers only when nobody else has. */
const politeMs = 150
const askAgainMs = 300
const sumsMs = 1_000
const reactMs = 250
/** What a process said of its viewers counts for this long. */
const sumsKeptMs = 4_000
const mostEarly = 100
const namesAtOnce = 500

interface Shared {
  readonly name: string
  room: Room | null
  /** Under which this process makes the frames. */
  term: number | null
  heardTerm: number
  /** Frames that came while the room is being opened. */
  early: Composed[]
  askedAt: number
  imageAt: number
  toldAt: number
  readonly waiting: Set<(image: RoomImage) => void>
  readonly sums: Map<string, Sums & { readonly at: number }>
  leave: Cancel
}

export interface Sharing extends RoomShare, AsyncDisposable {
  /** A line that was kept here, for the same room elsewhere. */
  line(name: string, line: ChatLine): void
  start(hub: Hub, takeOver: TakeOver): void
}
/** Tells the room what the log says behind its position; `begin` is called when all of it is at hand, and says whether it is still wanted. */
export type TakeOver = (name: string, begin: () => boolean) => void

/**
 * Viewers are spread over processes, rooms are not: one process makes the frames of a room, the others write the same bytes. Terms and
 * frame numbers grow with the seconds, faster than frames can: a number is never given twice, even when the bus forgot everything.
 */
const framesPerTerm = 16
const termsOfGrace = 4
const firstFrameOf = (term: number): number => (term + termsOfGrace) * framesPerTerm

export interface SharingOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly me: string
  /** Names this life of the log: positions of a database that was restored mean something else. */
  readonly life: () => Promise<string>
}

export function openSharing(options: SharingOptions): Sharing {
  const { bus, clock, log, me } = options
  const rooms = new Map<string, Shared>()
  let hub: Hub | null = null
  let takeOver: TakeOver = () => undefined
  let keptAt = clock.now()
  let looking: Promise<void> | null = null
  let agreed = false
  const stops: Cancel[] = []
  const topicOf = (name: string) => `room.${name}`
  const tell = (name: string, told: Told) => bus.publish(topicOf(name), pack(told))

  function enter(name: string): Shared {
    const known = rooms.get(name)
    if (known) return known
    const one: Shared = {
      name,
      room: null,
      term: null,
      heardTerm: 0,
      early: [],
      askedAt: 0,
      imageAt: 0,
      toldAt: 0,
      waiting: new Set(),
      sums: new Map(),
      leave: () => undefined,
    }
    rooms.set(name, one)
    one.leave = bus.subscribe(
      topicOf(name),
      (bytes) => {
        try {
          hear(one, unpack(bytes))
        } catch (problem) {
          log.error({ room: name, problem }, 'what another process told of a room is not understood; it is read anew')
          hub?.shut(name, 'overloaded')
        }
      },
      () => ask(one),
    )
    return one
  }

  async function find(name: string): Promise<Found> {
    const one = enter(name)
    try {
      await bus.settled()
      const others = (await bus.audience(topicOf(name))) > 1
      const [term] = await bus.hold([name], holdMs)
      one.term = term ?? null
      const image = others ? await imageFor(one) : null
      // What the log says behind the image is told first; then this process makes the frames.
      return { image, firstFrame: one.term === null || image ? null : firstFrameOf(one.term) }
    } catch (problem) {
      log.debug({ room: name, problem: (problem as Error).message }, 'a room is opened without the other processes')
      return { image: null, firstFrame: 0 }
    }
  }

  function imageFor(one: Shared): Promise<RoomImage | null> {
    return new Promise((resolve) => {
      const done = (image: RoomImage | null) => {
        one.waiting.delete(done)
        cancel()
        resolve(image)
      }
      const cancel = clock.after(askMs, () => done(null))
      one.waiting.add(done)
      ask(one)
    })
  }

  function ask(one: Shared): void {
    if (clock.now() - one.askedAt < askAgainMs) return
    one.askedAt = clock.now()
    tell(one.name, { kind: 'ask', by: me })
  }

  function opened(room: Room): void {
    const one = enter(room.name)
    one.room = room
    room.onFrame = (composed) => tell(one.name, { kind: 'frame', by: me, term: one.term ?? 0, composed })
    if (one.term !== null && !room.composing) promote(one)
    for (const composed of one.early.splice(0)) takeFrame(one, room, composed)
    count(one)
    tellSums(one)
  }

  function left(name: string): void {
    const one = rooms.get(name)
    if (!one) return
    rooms.delete(name)
    one.leave()
    const gone = () => tell(name, { kind: 'gone', by: me })
    if (one.term === null) gone()
    else bus.release([name]).then(gone, gone)
  }

  /** This process makes the frames from now on, once it has told the room what the log says. */
  function promote(one: Shared): void {
    const { room, term } = one
    if (!room || room.composing) return
    room.promised = true
    takeOver(one.name, () => {
      const wanted = room.promised && one.room === room && rooms.get(one.name) === one && one.term === term
      room.promised = false
      if (wanted) room.compose(term === null ? 0 : firstFrameOf(term))
      return wanted
    })
  }

  function demote(one: Shared): void {
    one.term = null
    if (!one.room) return
    one.room.promised = false
    if (one.room.composing) one.room.follow()
  }

  function hear(one: Shared, told: Told): void {
    if (told.by === me) return
    const { room } = one
    switch (told.kind) {
      case 'frame':
        if (told.term < one.heardTerm || (one.term !== null && told.term < one.term)) return
        one.heardTerm = told.term
        if (!room) {
          if (one.early.push(told.composed) > mostEarly) one.early.shift()
          return
        }
        // Without a term this process went on alone: frames with one come from who holds the room.
        if ((room.composing || room.promised) && told.term > (one.term ?? 0)) demote(one)
        if (!room.composing) takeFrame(one, room, told.composed)
        return
      case 'ask':
        if (room) answer(one, room)
        return
      case 'image':
        one.imageAt = clock.now()
        if (room && !room.composing) room.repair(told.image, clock.now())
        for (const take of [...one.waiting]) take(told.image)
        return
      case 'sums':
        one.sums.set(told.by, { ...told.sums, at: clock.now() })
        count(one)
        if (room?.composing) for (const [kind, sum] of told.sums.react) room.react(kind as ReactionKind, sum)
        return
      case 'line':
        room?.say(told.line)
        return
      case 'gone':
        one.sums.delete(told.by)
        count(one)
        look()
    }
  }

  function takeFrame(one: Shared, room: Room, composed: Composed): void {
    if (room.hear(composed, clock.now()) === 'gap') ask(one)
  }

  function answer(one: Shared, room: Room): void {
    const send = () => tell(one.name, { kind: 'image', by: me, image: room.image(clock.now()) })
    if (room.composing) {
      send()
      return
    }
    const askedAt = clock.now()
    clock.after(politeMs, () => {
      if (one.room === room && one.imageAt < askedAt) send()
    })
  }

  /** What the others have, as one number each. */
  function count(one: Shared): void {
    if (!one.room) return
    for (const [by, { at }] of one.sums) if (clock.now() - at > sumsKeptMs) one.sums.delete(by)
    const all = [...one.sums.values()]
    const { elsewhere } = one.room
    elsewhere.viewers = all.reduce((sum, { viewers }) => sum + viewers, 0)
    elsewhere.desk = all.reduce((sum, { desk }) => sum + desk, 0)
    elsewhere.largest = Math.max(0, ...all.map(({ size }) => size))
    elsewhere.delays = all.length > 0 ? summedDelays(all.map(({ delays }) => delays)) : null
  }

  function tellSums(one: Shared): void {
    const { room } = one
    if (!room) return
    const now = clock.now()
    if (now - one.toldAt < sumsMs && room.toTell.size === 0) return
    one.toldAt = now
    const sums = { ...room.counts(now), react: [...room.toTell] }
    room.toTell.clear()
    tell(one.name, { kind: 'sums', by: me, sums })
  }

  function look(): void {
    looking ??= keep()
      .catch((problem: Error) => log.debug({ problem: problem.message }, 'nobody knows who makes the frames'))
      .finally(() => {
        looking = null
      })
  }

  async function keep(): Promise<void> {
    try {
      if (!agreed && hub) {
        hub.epoch = await bus.agree(`room.epoch.${await options.life()}`, hub.epoch)
        agreed = true
      }
      const names = [...rooms.keys()]
      for (let i = 0; i < names.length; i += namesAtOnce) {
        const some = names.slice(i, i + namesAtOnce)
        const terms = await bus.hold(some, holdMs)
        some.forEach((name, index) => {
          const one = rooms.get(name)
          if (one) settle(one, terms[index] ?? null)
        })
      }
      keptAt = clock.now()
    } catch (problem) {
      agreed = false
      if (clock.now() - keptAt > holdMs) goOnAlone()
      throw problem
    }
  }

  function settle(one: Shared, term: number | null): void {
    const { room } = one
    if (!room) return
    const makes = room.composing || room.promised
    if (term === null) {
      if (!makes) return
      demote(one)
      ask(one)
      return
    }
    if (term === one.term && makes) return
    one.term = term
    if (room.composing) room.compose(firstFrameOf(term))
    else promote(one)
  }

  /** The bus is away: every process tells its own viewers from the log. Their positions stay comparable, frame numbers go on. */
  function goOnAlone(): void {
    for (const one of rooms.values()) {
      one.term = null
      if (one.room && !one.room.composing && !one.room.promised) promote(one)
    }
  }

  return {
    find,
    opened,
    left,
    line: (name, line) => tell(name, { kind: 'line', by: me, line }),
    start(toHub, toTakeOver) {
      hub = toHub
      takeOver = toTakeOver
      look()
      stops.push(clock.every(lookMs, look))
      stops.push(clock.every(reactMs, () => rooms.forEach(tellSums)))
    },
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop()
      await looking
      const held = [...rooms.values()].filter((one) => one.term !== null).map((one) => one.name)
      await bus.release(held).catch((problem: Error) => log.debug({ problem: problem.message }, 'rooms were not let go of'))
      for (const one of rooms.values()) {
        tell(one.name, { kind: 'gone', by: me })
        one.leave()
      }
      rooms.clear()
    },
  }
}
