import type { IdKind, IdOf, Locale } from '@efir/contract/scalars.ts'
import type { Config } from '../config.ts'
import type { Bus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { Connection, Db, Queries } from './db.ts'
import type { Events, EventType } from './events.ts'
import type { Ids } from './ids.ts'
import type { JobOptions, Jobs } from './jobs.ts'
import type { Log } from './log.ts'
import type { Mail } from './mail.ts'
import type { Outbound } from './outbound.ts'
import type { Storage } from './storage.ts'

/** Tools without domain, made once in main.ts. */
export interface Kernel {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly events: Events
  readonly jobs: Jobs
  readonly bus: Bus
  readonly storage: Storage
  readonly mail: Mail
  readonly outbound: Outbound
  readonly config: Config
  /** Signs tokens; 32 bytes or more. */
  readonly secret: string
}

/** What an API key may do; `shopId` null: a key of the platform. */
export interface ActorKey {
  readonly id: string
  readonly shopId: string | null
  readonly scopes: readonly string[]
}

/** Who asks. A guest is a person without an account; `system` is the product itself (jobs, reactions, seed). */
export type Actor =
  | { readonly kind: 'nobody' }
  | {
      readonly kind: 'guest' | 'account'
      readonly personId: IdOf<'person'>
      readonly name: string
      readonly operator: boolean
      readonly demo: boolean
      /** Asked with an API key that this person made. */
      readonly key?: ActorKey
    }
  | { readonly kind: 'system' }

/** One request, reaction or job. Views take it. */
export interface Ctx extends Kernel, Queries {
  readonly actor: Actor
  readonly locale: Locale
  readonly requestId: string
  /** Address of the caller, for limits that also count others things; empty for the system. */
  readonly remote: string
  now(): number
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** Inside one transaction. Verbs take it. */
export interface Tx extends Queries {
  readonly kernel: Kernel
  readonly client: Connection['client']
  readonly actor: Actor
  readonly locale: Locale
  readonly requestId: string
  readonly remote: string
  /** The instant of the transaction, epoch ms: constant within it. */
  readonly now: number
  readonly log: Log
  newId<K extends IdKind>(kind: K): IdOf<K>
  /** `topic` is the room, shop or person that followers of one thing filter by. */
  announce<B>(type: EventType<B>, body: B, topic?: string): Promise<void>
  addJob(name: string, payload: Record<string, unknown>, options?: JobOptions): Promise<void>
  /** Runs after the commit, never when it rolls back. */
  afterCommit(call: () => void): void
}

export const systemActor: Actor = { kind: 'system' }

export interface CtxOptions {
  actor: Actor
  locale?: Locale
  requestId?: string
  remote?: string
}

export function openCtx(kernel: Kernel, options: CtxOptions): Ctx {
  const { db } = kernel
  const asked = { locale: 'en' as Locale, requestId: '', remote: '', ...options }
  const ctx: Ctx = {
    ...kernel,
    ...asked,
    log: asked.requestId ? kernel.log.child({ requestId: asked.requestId }) : kernel.log,
    rows: db.rows,
    one: db.one,
    maybe: db.maybe,
    run: db.run,
    now: () => kernel.clock.now(),
    async transaction(work) {
      let later: (() => void)[] = []
      const result = await db.transaction(async (connection) => {
        later = []
        return await work(openTx(kernel, connection, asked, later))
      })
      for (const call of later) call()
      return result
    },
  }
  return ctx
}

/** Also used by durable reactions and jobs, which bring their own connection. */
export function openTx(kernel: Kernel, connection: Connection, asked: CtxOptions, later: (() => void)[]): Tx {
  const now = kernel.clock.now()
  let announced = false
  return {
    kernel,
    client: connection.client,
    rows: connection.rows,
    one: connection.one,
    maybe: connection.maybe,
    run: connection.run,
    actor: asked.actor,
    locale: asked.locale ?? 'en',
    requestId: asked.requestId ?? '',
    remote: asked.remote ?? '',
    now,
    log: kernel.log,
    newId: (kind) => kernel.ids.make(kind),
    async announce(type, body, topic) {
      await kernel.events.write(connection, now, type.type, body, topic ?? null)
      if (!announced) later.push(() => kernel.events.poke())
      announced = true
    },
    addJob: (name, payload, options) => kernel.jobs.add(connection, name, payload, options),
    afterCommit: (call) => void later.push(call),
  }
}

/** The person who asks, for acts that need one. */
export function personOf(asked: { actor: Actor }): IdOf<'person'> {
  if (asked.actor.kind === 'guest' || asked.actor.kind === 'account') return asked.actor.personId
  throw new Error('defect: an act that needs a person was bound without asking for one')
}
