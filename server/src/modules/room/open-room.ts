import type { Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { type Kernel, openCtx, systemActor } from '../../kernel/context.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import type { Figure } from '../../kernel/figures.ts'
import { openTrust } from '../../kernel/remote.ts'
import { verifyToken } from '../../kernel/token.ts'
import { tokenCookie } from '../identity/access.ts'
import { roleGiven, roleTaken } from '../identity/events.ts'
import { showChanged, showStateChanged } from '../shows/events.ts'
import { noteRoom } from '../shows/verbs/life.ts'
import { type ChatDesk, openChatDesk } from './chat.ts'
import type { RoomContribution } from './contribution.ts'
import { serveEvents } from './event-line.ts'
import { blockWordsSet, messageDeleted, personBanned, personMuted, slowModeSet } from './events.ts'
import { openFeed } from './feed.ts'
import { openFrameFigures, roomFigures } from './figures.ts'
import { openGate, Seats } from './gate.ts'
import { Hub, type HubOptions, type RoomCrowd } from './hub/hub.ts'
import type { RoomLimits } from './hub/limits.ts'
import type { RoomStart } from './hub/room.ts'
import type { Member } from './hub/viewer.ts'
import { PageDesk } from './paged/desk.ts'
import { servePages } from './paged/serve.ts'
import { openSharing } from './share/sharing.ts'
import { lotTells } from './tells/lots.ts'
import { orderTells } from './tells/orders.ts'
import { roomTells } from './tells/room.ts'
import { showTells } from './tells/shows.ts'
import { openStockTells } from './tells/stock.ts'
import { lifeOfLog, policyOf, roomStart } from './views.ts'

export interface RoomPart extends AsyncDisposable {
  readonly hub: Hub
  readonly chat: ChatDesk
  readonly figures: readonly Figure[]
  /** Everybody is told to come back, to whoever listens then. */
  leave(): Promise<void>
  /** Takes WebSockets at /room of this HTTP server, until disposed. */
  attach(server: Server, origin?: string): void
  /** The ways into a room that need no WebSocket. */
  serve(app: FastifyInstance): void
}

/** What a show keeps for its viewers' delay while nobody has reported one. */
const usualDelayMs = 3_000

/** Opens the rooms of this process: hub, chat, and the feed from the event log. Open it after `events.start()`. */
export function openRoom(
  kernel: Kernel,
  options: { contributions?: readonly RoomContribution[]; limits?: Partial<RoomLimits> } = {},
): RoomPart {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'room' })
  const contributions = [roomTells, showTells, openStockTells(), lotTells, orderTells, ...(options.contributions ?? [])]
  const me = kernel.ids.make('event')
  const share = kernel.bus.shared ? openSharing({ ...kernel, me, life: () => lifeOfLog(ctx) }) : null
  const chat = openChatDesk(ctx, (showId, line) => {
    hub.chat(showId, line)
    share?.line(showId, line)
  })

  async function open(showId: string, known: boolean): Promise<RoomStart | null> {
    const policy = known ? await policyOf(ctx, showId) : null
    if (policy) return { ...policy, state: [], chat: [] }
    const start = await roomStart(ctx, showId, hub.limits.history)
    if (!start) return null
    const parts = await Promise.all(contributions.map((c) => c.snapshotPart?.(ctx, showId) ?? []))
    return { ...start, state: [...start.state, ...parts.flat()] }
  }

  const frames = openFrameFigures()
  const hubOptions: HubOptions = {
    clock: kernel.clock,
    epoch: me,
    ...(share && { share }),
    pos: kernel.events.head(),
    open,
    memberOf: (token) => memberOf(kernel, token),
    say: (showId, { member, key, text }) => chat.say(showId, member, key, text),
    onCrowd: (showId, crowd) => void note(showId, crowd),
    onSent: frames.sent,
    limits: { ...limitsOf(kernel.config), ...options.limits },
    log: kernel.log,
  }
  const hub = new Hub(hubOptions)

  /** Written left ahead of time: lots reads it for countdowns, the storefront for its order. */
  async function note(showId: string, crowd: RoomCrowd): Promise<void> {
    try {
      await ctx.transaction((tx) =>
        noteRoom(tx, { showId, viewers: crowd.viewers, delayP95Ms: crowd.delayP95Ms ?? usualDelayMs }),
      )
    } catch (problem) {
      kernel.log.warn({ showId, problem: (problem as Error).message }, 'viewers of a show were not written down')
    }
  }

  const feed = openFeed(ctx, hub, contributions)
  const stops = [feed.stop, kernel.events.follow((event) => keepOrder(event))]
  share?.start(hub, feed.takeOver)

  /** What the hub and the chat know of people and words follows the log too. */
  function keepOrder(event: AnyEvent): void {
    const body = event.body as {
      showId: string
      personId: string
      banned: boolean
      messageId: string
      placeKind: string
      placeId: string
    }
    if (event.type === messageDeleted.type) {
      hub.unsay(body.showId, (line) => line.id === body.messageId)
      return
    }
    if (event.type === blockWordsSet.type) {
      chat.forget(body.placeKind === 'shop' ? null : body.placeId)
      return
    }
    if (event.type === slowModeSet.type || event.type === personMuted.type) {
      chat.forget(body.showId)
      return
    }
    if (event.type === personBanned.type) {
      chat.forget(body.showId)
      if (body.banned) hub.unsay(body.showId, (line) => line.person === body.personId)
      hub.ban(body.showId, body.personId, body.banned)
      return
    }
    if (event.type === showStateChanged.type || event.type === showChanged.type) {
      readmit(body.showId)
      return
    }
    if (event.type !== roleGiven.type && event.type !== roleTaken.type) return
    if (body.placeKind === 'show') {
      readmit(body.placeId)
      return
    }
    for (const showId of hub.open()) readmit(showId)
    chat.forget(null)
  }

  function readmit(showId: string): void {
    chat.forget(showId)
    if (!hub.room(showId)) return
    policyOf(ctx, showId).then(
      (policy) => policy && hub.admit(showId, policy.entry, policy.marks),
      (problem: Error) => {
        kernel.log.warn({ showId, problem: problem.message }, 'a room is read anew')
        hub.shut(showId, 'overloaded')
      },
    )
  }

  const { EFIR_ROOM_SOCKETS, EFIR_ROOM_SOCKETS_PER_ADDRESS, EFIR_ORIGIN } = kernel.config
  const seats = new Seats(EFIR_ROOM_SOCKETS, EFIR_ROOM_SOCKETS_PER_ADDRESS)
  const pages = new PageDesk(hub)
  stops.push(kernel.clock.every(tidyMs, () => pages.tidy()))
  const trusts = openTrust(kernel.config.EFIR_PROXIES, kernel.config.production)
  let gates: AsyncDisposable[] = []
  let left = false
  async function leave(): Promise<void> {
    if (left) return
    left = true
    pages.leaveAll()
    // Before its viewers are told to come back: where they go, their room goes on.
    await share?.[Symbol.asyncDispose]()
    hub.leaveAll()
  }
  return {
    hub,
    chat,
    figures: [...frames.figures, ...roomFigures(hub)],
    attach(server, origin) {
      const { clock } = kernel
      gates.push(
        openGate({
          hub,
          server,
          clock,
          cookie: tokenCookie,
          origin,
          seats,
          trusts,
        }),
      )
    },
    serve(app) {
      servePages(pages)(app)
      const { clock } = kernel
      serveEvents({ hub, clock, seats, cookie: tokenCookie, origin: EFIR_ORIGIN, trusts })(app)
    },
    leave,
    async [Symbol.asyncDispose]() {
      await leave()
      for (const gate of gates) await gate[Symbol.asyncDispose]()
      gates = []
      for (const stop of stops) stop()
    },
  }
}

const tidyMs = 10_000

const limitsOf = (config: Kernel['config']): Partial<RoomLimits> => ({
  connections: config.EFIR_ROOM_SOCKETS,
  ...(config.EFIR_ROOM_CACHED_FROM > 0 ? { cachedFrom: config.EFIR_ROOM_CACHED_FROM } : {}),
})

function memberOf(kernel: Pick<Kernel, 'secret' | 'clock'>, token: string): Member | 'token_expired' | 'token_wrong' {
  const body = verifyToken(kernel.secret, token, kernel.clock.now())
  if (body) return { personId: body.p, name: body.n, operator: body.o === 1 }
  // A token of ours that ran out would have been right before its end.
  return verifyToken(kernel.secret, token, 0) ? 'token_expired' : 'token_wrong'
}
