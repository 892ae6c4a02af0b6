import { type Cancel, sleep } from '../../kernel/clock.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import { sql } from '../../kernel/sql.ts'
import type { News, RoomContribution, Teller } from './contribution.ts'
import type { Hub } from './hub/hub.ts'

/** Events that may wait while one is looked up. */
const most = 5_000
const tries = 4

export interface Feed {
  readonly stop: Cancel
  /**
   * Tells a room what the log says behind its position; what comes meanwhile waits its turn. `begin` is called when all is at hand, and
   * says whether it is still wanted.
   */
  takeOver(showId: string, begin: () => boolean): void
}

/**
 * From the event log to the rooms, in the order of positions: look-ups of several events run at once, what they say is applied
 * one after the other. What cannot be looked up is never skipped in silence: the room is shut, and everyone reads it anew.
 */
export function openFeed(ctx: Ctx, hub: Hub, contributions: readonly RoomContribution[]): Feed {
  const tellers = new Map<string, Teller[]>()
  for (const teller of contributions.flatMap((c) => c.tellers))
    tellers.set(teller.type, [...(tellers.get(teller.type) ?? []), teller])
  let last: Promise<void> = Promise.resolve()
  let waiting = 0

  function apply(event: AnyEvent, news: readonly News[]): void {
    const byRoom = new Map<string, News['rooms'] & object>()
    for (const part of news.flatMap((n) => n.rooms ?? [])) byRoom.set(part.showId, [...(byRoom.get(part.showId) ?? []), part])
    for (const [showId, parts] of byRoom)
      hub.apply(
        showId,
        event.pos,
        parts.flatMap((part) => part.messages),
      )
    for (const { personId, type, data } of news.flatMap((n) => n.persons ?? []))
      hub.personal.send(personId, event.pos, type, data)
    hub.advance(event.pos)
  }

  /** What is said, or a promise of it: most events carry all they mean. */
  function ask(event: AnyEvent, able: readonly Teller[]): News[] | Promise<News[]> {
    try {
      const said = able.map((teller) => teller.tell(ctx, event))
      return said.some((one) => one instanceof Promise) ? Promise.all(said) : (said as News[])
    } catch (problem) {
      return Promise.reject(problem)
    }
  }

  async function insist(event: AnyEvent, able: readonly Teller[], first: Promise<News[]>): Promise<News[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await (attempt === 1 ? first : ask(event, able))
      } catch (problem) {
        ctx.log.warn(
          { event: event.type, pos: event.pos, attempt, problem: (problem as Error).message },
          'an event could not be told to its room',
        )
        if (attempt === tries) throw problem
        await sleep(ctx.clock, 100 * 2 ** attempt)
      }
    }
  }

  function applyOrShut(event: AnyEvent, news: readonly News[]): void {
    try {
      apply(event, news)
    } catch (problem) {
      shut(event, problem)
    }
  }

  function shut(event: AnyEvent, problem: unknown): void {
    ctx.log.error({ event: event.type, pos: event.pos, problem }, 'a room is read anew')
    if (event.topic) hub.shut(event.topic, 'overloaded')
    hub.advance(event.pos)
  }

  async function inTurn(before: Promise<void>, event: AnyEvent, news: Promise<News[]>): Promise<void> {
    // Awaited in its turn; until then a failure is nobody's business.
    news.catch(() => undefined)
    await before
    try {
      applyOrShut(event, await news)
    } catch (problem) {
      shut(event, problem)
    }
    waiting--
  }

  /** Of one room only: the others have heard it. */
  async function catchUp(showId: string, upTo: number, begin: () => boolean): Promise<void> {
    const from = hub.room(showId)?.seq
    if (from === undefined) return
    const roomly = [...tellers].filter(([, all]) => all.some((one) => one.shows)).map(([type]) => type)
    const events = await ctx.rows<AnyEvent>(
      sql`select pos, type, at, topic, body from kernel.event where pos > ${from} and pos <= ${upTo} and type = any(${roomly}) order by pos limit ${most + 1}`,
    )
    if (events.length > most) throw new Error('too much happened meanwhile')
    const news = await Promise.all(
      events.map((event) => {
        const able = (tellers.get(event.type) ?? []).filter((one) => one.shows?.(event).includes(showId))
        return able.length === 0 ? [] : insist(event, able, Promise.resolve(ask(event, able)))
      }),
    )
    if (!begin()) return
    events.forEach((event, index) => {
      const rooms = (news[index] ?? []).flatMap((one) => one.rooms ?? []).filter((part) => part.showId === showId)
      hub.apply(
        showId,
        event.pos,
        rooms.flatMap((part) => part.messages),
      )
    })
  }

  function takeOver(showId: string, begin: () => boolean): void {
    const upTo = ctx.events.head()
    const before = last
    waiting++
    last = before
      .then(() => catchUp(showId, upTo, begin))
      .catch((problem: unknown) => {
        ctx.log.error({ showId, problem }, 'a room could not be taken over; it is read anew')
        hub.shut(showId, 'overloaded')
      })
      .finally(() => {
        waiting--
      })
  }

  const stop = ctx.events.follow((event) => {
    const able = (tellers.get(event.type) ?? []).filter(
      (one) => !one.shows || one.shows(event).some((showId) => hub.composes(showId)),
    )
    if (waiting >= most) {
      shut(event, new Error('too many events wait to be told'))
      return
    }
    const said = ask(event, able)
    if (waiting === 0 && !(said instanceof Promise)) {
      applyOrShut(event, said)
      return
    }
    waiting++
    last = inTurn(last, event, insist(event, able, Promise.resolve(said)))
  })
  return { stop, takeOver }
}
