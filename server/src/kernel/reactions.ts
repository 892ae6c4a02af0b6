import type { Ctx, Tx } from './context.ts'
import type { AnyEvent, EventType } from './events.ts'
import type { JobLane } from './jobs.ts'

/** What a module does when something is announced: in one transaction with the reader's cursor, so exactly once. */
export interface Reaction {
  readonly type: string
  run(tx: Tx, body: unknown, event: AnyEvent): Promise<void>
}
export const on = <B>(type: EventType<B>, run: (tx: Tx, body: B, event: AnyEvent) => Promise<void>): Reaction => ({
  type: type.type,
  run: (tx, body, event) => run(tx, body as B, event),
})

/** What a module does later: at least once, so it must be safe to repeat. */
export interface JobSpec {
  readonly name: string
  readonly lane: JobLane
  run(ctx: Ctx, payload: Record<string, unknown>): Promise<void>
}
export const job = (name: string, run: JobSpec['run'], lane: JobLane = 'work'): JobSpec => ({ name, run, lane })
