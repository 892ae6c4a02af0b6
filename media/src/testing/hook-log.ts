import type { HookEvent } from '../hook-events.ts'
import type { AdmitAnswer, Hooks } from '../hooks.ts'

/** Hooks that keep what they are told, for tests without a server. */
export function hookLog(
  admit: AdmitAnswer = { ok: false, code: 'unset' },
): Hooks & { events: HookEvent[]; types: () => string[] } {
  const events: HookEvent[] = []
  return {
    events,
    types: () => events.map((event) => event.type),
    admit: async () => admit,
    emit: (event) => void events.push(event),
    unansweredMs: () => 0,
    drain: async () => undefined,
    close: () => undefined,
  }
}
