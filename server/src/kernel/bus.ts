import type { Cancel } from './clock.ts'

/** Bytes between processes. In one process it is a map; other drivers keep the same contract: at most once, in order per topic. */
export interface Bus extends AsyncDisposable {
  publish(topic: string, bytes: Uint8Array): void
  subscribe(topic: string, call: (bytes: Uint8Array) => void): Cancel
}

export function openLocalBus(): Bus {
  const topics = new Map<string, Set<(bytes: Uint8Array) => void>>()
  return {
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
    [Symbol.asyncDispose]: async () => topics.clear(),
  }
}
