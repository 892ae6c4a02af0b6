import { type Cancel, sleep } from '../../kernel/clock.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import type { News, RoomContribution, Teller } from './contribution.ts'
import type { Hub } from './hub/hub.ts'

/** Events that may wait while one is looked up. */
const most = 5_000
const tries = 4

/**
 * From the event log to the rooms, in the order of positions: look-ups of several events run at once, what they say is applied
 * one after the other. What cannot be looked up is never skipped in silence: the room is shut, and everyone reads it anew.
 */
export function openFeed(ctx: Ctx, hub: Hub, contributions: readonly RoomContribution[]): Cancel {
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

  async function lookUp(event: AnyEvent, able: readonly Teller[]): Promise<News[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await Promise.all(able.map((teller) => teller.tell(ctx, event)))
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

  function giveUp(event: AnyEvent): void {
    if (event.topic) hub.shut(event.topic, 'overloaded')
    hub.advance(event.pos)
  }

  return ctx.events.follow((event) => {
    const able = tellers.get(event.type) ?? []
    if (waiting === 0) {
      const said = able.length === 0 ? [] : trySync(able.map((teller) => () => teller.tell(ctx, event)))
      if (said) return apply(event, said)
    }
    if (waiting >= most) return giveUp(event)
    waiting++
    const found = able.length === 0 ? Promise.resolve([]) : lookUp(event, able)
    // Awaited in its turn; until then a failure is nobody's business.
    found.catch(() => undefined)
    last = last.then(async () => {
      try {
        apply(event, await found)
      } catch (problem) {
        ctx.log.error({ event: event.type, pos: event.pos, problem }, 'a room is read anew')
        giveUp(event)
      }
      waiting--
    })
  })
}

/** The answers when all of them come at once; null when one must be waited for or fails. */
function trySync(calls: readonly (() => News | Promise<News>)[]): News[] | null {
  const news: News[] = []
  for (const call of calls) {
    const said = call()
    if (said instanceof Promise) {
      said.catch(() => undefined)
      return null
    }
    news.push(said)
  }
  return news
}
