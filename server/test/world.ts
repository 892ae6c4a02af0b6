import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Act, In, Out, RefusalOf } from '@efir/contract/act.ts'
import { requestOf } from '@efir/contract/client.ts'
import type { IdOf, Locale, ShopRole } from '@efir/contract/scalars.ts'
import type { App } from '../src/app.ts'
import { openApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { openLocalBus } from '../src/kernel/bus.ts'
import { type FakeClock, fakeClock } from '../src/kernel/clock.ts'
import { type Ctx, type Kernel, openCtx, systemActor, type Tx } from '../src/kernel/context.ts'
import { openDb } from '../src/kernel/db.ts'
import { type Events, openEvents } from '../src/kernel/events.ts'
import { openIds } from '../src/kernel/ids.ts'
import { openSteppedJobs, type SteppedJobs } from '../src/kernel/jobs.ts'
import { openLog } from '../src/kernel/log.ts'
import { openBoxMail } from '../src/kernel/mail.ts'
import { openOutbound } from '../src/kernel/outbound.ts'
import { at, sql } from '../src/kernel/sql.ts'
import { openDiskStorage } from '../src/kernel/storage.ts'
import { signToken } from '../src/kernel/token.ts'
import { openBetterAuth } from '../src/modules/identity/adapters/better-auth.ts'
import { noMedia } from '../src/modules/media/ports.ts'
import { cloneDatabase } from './database.ts'

/** A person in a test, with a token as their browser would have. */
export interface TestPerson {
  readonly id: IdOf<'person'>
  readonly kind: 'guest' | 'account'
  readonly name: string
  readonly token: string
}

export type TestAnswer<A extends Act> =
  | { ok: true; value: Out<A> }
  | { ok: false; status: number; refusal: RefusalOf<A>; params: Record<string, unknown> }

export interface World extends AsyncDisposable {
  readonly kernel: Kernel
  readonly clock: FakeClock
  readonly jobs: SteppedJobs
  readonly app: App
  /** Sign-in codes as mailed, by address. */
  readonly codes: ReadonlyMap<string, string>
  /** A context of the product itself. */
  readonly ctx: Ctx
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Calls an act through HTTP as this person (null: nobody). */
  call<A extends Act>(person: TestPerson | null, act: A, input: In<A>): Promise<TestAnswer<A>>
  /** The same, and the answer must be yes. */
  must<A extends Act>(person: TestPerson | null, act: A, input: In<A>): Promise<Out<A>>
  person(given?: {
    name?: string
    kind?: 'guest' | 'account'
    email?: string
    operator?: boolean
    locale?: Locale
  }): Promise<TestPerson>
  shop(given?: {
    name?: string
    market?: string
    country?: string
    currency?: string
    settings?: object
  }): Promise<{ id: IdOf<'shop'>; owner: TestPerson }>
  give(person: TestPerson, shopId: string, role: ShopRole): Promise<void>
  giveShow(person: TestPerson, showId: string, role: 'host' | 'moderator'): Promise<void>
  /** Delivers events and runs due jobs until nothing is left to do. */
  settle(): Promise<void>
  /** Moves time and settles. */
  advance(ms: number): Promise<void>
}

export const worldStart = Date.UTC(2026, 10, 20, 18, 0, 0)

/** Stands around every job and every reaction of the world: the simulation lets them die here. */
export interface Around {
  job(name: string, run: () => Promise<void>): Promise<void>
  reaction(reader: string, run: () => Promise<void>): Promise<void>
}

export interface WorldOptions {
  readonly startMs?: number
  readonly settings?: Record<string, string>
  readonly around?: Around
  /** A folder with a built website. */
  readonly dist?: string
}

function surround(around: Around | undefined, jobs: SteppedJobs, events: Events): { jobs: SteppedJobs; events: Events } {
  if (!around) return { jobs, events }
  return {
    jobs: {
      ...jobs,
      handle: (name, handler, lane) => jobs.handle(name, (payload) => around.job(name, () => handler(payload)), lane),
    },
    events: {
      ...events,
      read: (reader) =>
        events.read({ ...reader, handle: (...given) => around.reaction(reader.name, () => reader.handle(...given)) }),
    },
  }
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const database = await cloneDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'efir-world-'))
  const clock = fakeClock(options.startMs ?? worldStart)
  const log = openLog(process.env['EFIR_TEST_LOG'] ?? 'silent')
  const db = openDb({ url: database.url, size: 8, log })
  const { jobs, events } = surround(options.around, openSteppedJobs({ db, clock, log }), openEvents({ db, clock, log }))
  const codes = new Map<string, string>()
  const kernel: Kernel = {
    db,
    clock,
    log,
    jobs,
    ids: openIds(clock.now),
    events,
    bus: openLocalBus(),
    storage: openDiskStorage(join(dataDir, 'files')),
    mail: openBoxMail({ db, clock }),
    outbound: openOutbound({ allow: ['127.0.0.1'] }),
    config: readConfig({ EFIR_DATA: dataDir, EFIR_LOG: 'silent', ...options.settings }, []),
    secret: 'a secret of the tests, long enough to sign',
  }
  await kernel.events.start()
  const credentials = openBetterAuth({
    databaseUrl: database.url,
    secret: kernel.secret,
    newUserId: () => kernel.ids.make('person'),
    send: async (email, code) => void codes.set(email, code),
  })
  const app = await openApp(kernel, { credentials, media: noMedia }, options.dist ? { dist: options.dist } : {})
  const ctx = openCtx(kernel, { actor: systemActor })
  const world: World = {
    kernel,
    clock,
    jobs,
    app,
    ctx,
    codes,
    tx: (work) => ctx.transaction(work),
    call: (person, act, input) => callAct(app, person, act, input),
    must: async (person, act, input) => {
      const answer = await callAct(app, person, act, input)
      if (!answer.ok) throw new Error(`${act.name} answered ${answer.status} ${answer.refusal} ${JSON.stringify(answer.params)}`)
      return answer.value
    },
    person: (given) => makePerson(kernel, given ?? {}),
    async shop(given = {}) {
      const owner = await makePerson(kernel, { kind: 'account' })
      const id = kernel.ids.make('shop')
      await db.run(
        sql`insert into identity.shop (id, slug, name, market, country, currency, settings, created_at)
            values (${id}, ${`shop-${id.slice(-10)}`}, ${given.name ?? 'A shop'}, ${given.market ?? 'FR'}, ${given.country ?? 'FR'}, ${given.currency ?? 'EUR'}, ${JSON.stringify(given.settings ?? {})}, ${at(clock.now())})`,
      )
      await giveRole(kernel, owner.id, 'shop', id, 'owner')
      return { id, owner }
    },
    give: (person, shopId, role) => giveRole(kernel, person.id, 'shop', shopId, role),
    giveShow: (person, showId, role) => giveRole(kernel, person.id, 'show', showId, role),
    settle: () => settle(kernel, jobs),
    async advance(ms) {
      const end = clock.now() + ms
      for (;;) {
        await settle(kernel, jobs)
        const next = await jobs.nextAt()
        if (next === null || next > end) break
        clock.set(Math.max(next, clock.now()))
      }
      clock.set(end)
      await settle(kernel, jobs)
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]()
      await credentials[Symbol.asyncDispose]()
      await kernel.events[Symbol.asyncDispose]()
      kernel.outbound[Symbol.dispose]()
      await db[Symbol.asyncDispose]()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return world
}

async function settle(kernel: Kernel, jobs: SteppedJobs): Promise<void> {
  for (let round = 0; round < 50; round++) {
    await kernel.events.settle()
    kernel.clock.after(0, () => undefined)
    ;(kernel.clock as FakeClock).advance(0)
    if ((await jobs.runDue()) === 0) return
  }
  throw new Error('the world never comes to rest')
}

async function giveRole(kernel: Kernel, personId: string, kind: 'shop' | 'show', placeId: string, role: string): Promise<void> {
  await kernel.db.run(
    sql`insert into identity.role values (${personId}, ${kind}, ${placeId}, ${role}, ${at(kernel.clock.now())}) on conflict do nothing`,
  )
}

async function makePerson(
  kernel: Kernel,
  given: { name?: string; kind?: 'guest' | 'account'; email?: string; operator?: boolean; locale?: Locale },
): Promise<TestPerson> {
  const id = kernel.ids.make('person')
  const kind = given.kind ?? (given.email || given.operator ? 'account' : 'guest')
  const name = given.name ?? `Person ${id.slice(-4)}`
  const email = given.email ?? (kind === 'account' ? `${id}@people.example` : null)
  const now = kernel.clock.now()
  await kernel.db.run(
    sql`insert into identity.person (id, kind, name, email, email_verified_at, operator, locale, created_at)
        values (${id}, ${kind}, ${name}, ${email}, ${email && kind === 'account' ? at(now) : null}, ${given.operator ?? false}, ${given.locale ?? 'en'}, ${at(now)})`,
  )
  const token = signToken(kernel.secret, {
    p: id,
    k: kind,
    n: name,
    s: kernel.ids.make('session'),
    e: now + 10 * 365 * 86_400_000,
    ...(given.operator ? { o: 1 as const } : {}),
  })
  return { id, kind, name, token }
}

async function callAct<A extends Act>(app: App, person: TestPerson | null, act: A, input: In<A>): Promise<TestAnswer<A>> {
  const { path, rest } = requestOf(act, input as Record<string, unknown>)
  const get = act.method === 'GET'
  const query = Object.fromEntries(
    Object.entries(rest)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => [k, Array.isArray(v) ? v.map(String) : String(v)]),
  )
  const response = await app.http.inject({
    method: act.method,
    url: path,
    headers: { 'x-efir': '1', ...(person ? { authorization: `Bearer ${person.token}` } : {}) },
    ...(get ? { query } : { payload: rest }),
  })
  const body = response.json() as { refusal?: { code: RefusalOf<A>; params: Record<string, unknown> } } & Out<A>
  if (response.statusCode < 300) return { ok: true, value: body }
  if (!body.refusal) throw new Error(`${act.name} broke with ${response.statusCode}: ${response.body.slice(0, 500)}`)
  return { ok: false, status: response.statusCode, refusal: body.refusal.code, params: body.refusal.params }
}
