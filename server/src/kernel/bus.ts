import type { Cancel } from './clock.ts'

/**
 * Bytes between processes: at most once, in order per topic and sender, also to the sender's own subscribers. In one process it is a map;
 * the other driver speaks to Redis or Valkey (redis-bus.ts) and keeps the same contract.
 */
export interface Bus extends AsyncDisposable {
  /** Whether other processes may be at the other end. */
  readonly shared: boolean
  /** Whether what is published now arrives. */
  alive(): boolean
  publish(topic: string, bytes: Uint8Array): void
  /** `onGap` is called when messages may have been missed: after a lost connection is there again. */
  subscribe(topic: string, call: (bytes: Uint8Array) => void, onGap?: () => void): Cancel
  /** Resolves when the subscriptions made so far are in force. */
  settled(): Promise<void>
  /** How many processes hear this topic now. */
  audience(topic: string): Promise<number>
  /**
   * Takes or keeps each name for this process alone. The answer is a term, larger with every change of hands, or null when another
   * process has it. Rejects when the bus is away: then nobody knows.
   */
  hold(names: readonly string[], forMs: number): Promise<(number | null)[]>
  /** Lets go of names that this process holds. */
  release(names: readonly string[]): Promise<void>
  /** The value that was given first under this name, by whichever process. */
  agree(name: string, value: string): Promise<string>
}

export function openLocalBus(): Bus {
  const topics = new Map<string, Set<(bytes: Uint8Array) => void>>()
  const agreed = new Map<string, string>()
  const held = new Map<string, number>()
  let term = 0
  return {
    shared: false,
    alive: () => true,
    publish(topic, bytes) {
      for (const call of topics.get(topic) ?? []) call(bytes)
    },
    subscribe(topic, call) {
      const calls = topics.get(topic) ?? new Set()
      calls.add(call)
      topics.set(topic, calls)
      return () => {
        calls.delete(call)
        if (calls.size === 0) topics.delete(topic)
      }
    },
    settled: async () => undefined,
    audience: async (topic) => Number(topics.has(topic)),
    hold: async (names) =>
      names.map((name) => {
        const mine = held.get(name) ?? ++term
        held.set(name, mine)
        return mine
      }),
    async release(names) {
      for (const name of names) held.delete(name)
    },
    async agree(name, value) {
      const first = agreed.get(name) ?? value
      agreed.set(name, first)
      return first
    },
    [Symbol.asyncDispose]: async () => topics.clear(),
  }
}
