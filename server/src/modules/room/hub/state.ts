import type { StateMessage } from '@efir/contract/room/down.ts'

/** The keyed state of a room: what a snapshot tells. */
export class State {
  private readonly values = new Map<string, StateMessage>()
  private readonly most: number

  constructor(most: number) {
    this.most = most
  }

  /** False when an older value came late and is left out. */
  set(message: StateMessage): boolean {
    const before = this.values.get(message.k)
    if (before && before.v > message.v) return false
    if (message.value === null && message.pdt === undefined) {
      this.values.delete(message.k)
      return true
    }
    if (!before && this.values.size >= this.most)
      throw new RangeError(`a room holds ${this.most} keys; ${message.k} is one too many`)
    const was =
      message.pdt !== undefined && before
        ? { value: before.value, ...(before.pdt === undefined ? {} : { pdt: before.pdt }) }
        : undefined
    this.values.set(message.k, was ? { ...message, was } : message)
    return true
  }

  /** As another process told it, with what the key held before. */
  restore(message: StateMessage): void {
    this.values.set(message.k, message)
  }

  get(key: string): unknown {
    return this.values.get(key)?.value ?? null
  }

  /** `was` is told only while pictures this late may be on a screen; keys that are gone are forgotten with it. */
  all(now: number, latestPictureMs = 60_000): StateMessage[] {
    const list: StateMessage[] = []
    for (const message of this.values.values()) {
      const fresh = message.pdt !== undefined && now - message.pdt < latestPictureMs
      if (fresh) list.push(message)
      else if (message.value === null) this.values.delete(message.k)
      else {
        const { was: _, ...plain } = message
        list.push(plain)
      }
    }
    return list
  }
}
