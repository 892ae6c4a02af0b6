import type { Ctx } from '../../../kernel/context.ts'
import { itemStarted, publisherTrouble, replayReady, showChanged, showStateChanged, slateSet } from '../../shows/events.ts'
import { showRow } from '../../shows/views.ts'
import { inRoom, type News, noNews, type RoomContribution, tellRoom } from '../contribution.ts'
import type { StateChange } from '../hub/messages.ts'

/** `show`: enough to draw the page's head and to know that playback must be asked for again. */
async function showPart(ctx: Ctx, showId: string): Promise<StateChange[]> {
  const row = await showRow(ctx, showId)
  if (!row) return []
  const value = {
    state: row.state,
    title: row.title,
    startsAt: row.starts_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    encoderDelayMs: row.encoder_delay_ms,
  }
  return [
    { k: 'show', value },
    { k: 'slate', value: row.slate ? { on: true } : null },
  ]
}
const again = async (showId: string, _: unknown, ctx: Ctx): Promise<News> => inRoom(showId, ...(await showPart(ctx, showId)))

export const showTells: RoomContribution = {
  name: 'shows',
  tellers: [
    tellRoom(showStateChanged, (body, event, ctx) => again(body.showId, event, ctx)),
    tellRoom(showChanged, (body, event, ctx) => again(body.showId, event, ctx)),
    tellRoom(slateSet, ({ showId, on }) => inRoom(showId, { k: 'slate', value: on ? { on } : null })),
    tellRoom(itemStarted, ({ showId, itemId, title, pdtMs }) =>
      inRoom(showId, { k: 'item', value: { itemId, title }, pdt: pdtMs }),
    ),
    tellRoom(replayReady, ({ showId, url }) => inRoom(showId, { e: 'replay.ready', data: { url } })),
    tellRoom(publisherTrouble, () => noNews),
  ],
  snapshotPart: async (ctx, showId) => (await showPart(ctx, showId)).filter((part) => part.value !== null),
}
