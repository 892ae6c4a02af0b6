import type { Ctx } from '../../kernel/context.ts'
import type { AnyEvent, EventType } from '../../kernel/events.ts'
import type { RoomMessage, StateChange } from './hub/messages.ts'

/** What one event of the log means for rooms and for persons. */
export interface News {
  readonly rooms?: readonly { readonly showId: string; readonly messages: readonly RoomMessage[] }[]
  readonly persons?: readonly { readonly personId: string; readonly type: string; readonly data: unknown }[]
}

export interface Teller {
  readonly type: string
  tell(ctx: Ctx, event: AnyEvent): News | Promise<News>
  /** The only shows it speaks to: nothing is looked up for rooms that nobody is in. */
  readonly shows?: (event: AnyEvent) => readonly string[]
}

/**
 * What a module says in rooms. The modules on the left are told about by the room itself (tells/); a module on the right exports
 * one from its contributes.ts and app.ts hands it over.
 */
export interface RoomContribution {
  readonly name: string
  readonly tellers: readonly Teller[]
  /** Keyed state of a show when its room opens; the same keys and values that the tellers give. */
  readonly snapshotPart?: (ctx: Ctx, showId: string) => Promise<readonly StateChange[]>
}

export const tell = <B>(type: EventType<B>, say: (body: B, event: AnyEvent, ctx: Ctx) => News | Promise<News>): Teller => ({
  type: type.type,
  tell: (ctx, event) => say(event.body as B, event, ctx),
})

/** The same for what concerns only those in the show's room. */
export const tellRoom = <B extends { showId: string }>(
  type: EventType<B>,
  say: (body: B, event: AnyEvent, ctx: Ctx) => News | Promise<News>,
): Teller => ({ ...tell(type, say), shows: (event) => [(event.body as B).showId] })

/** News for one show. */
export const inRoom = (showId: string, ...messages: readonly RoomMessage[]): News => ({ rooms: [{ showId, messages }] })
export const toPerson = (personId: string, type: string, data: unknown): News => ({ persons: [{ personId, type, data }] })
export const noNews: News = {}
