/** One message of class S or E, already encoded. */
export interface Entry {
  readonly seq: number
  /** Of class S; null for an event. */
  readonly key: string | null
  readonly text: string
}

/**
 * The last messages, for those who come back. Only the newest value of a key is kept, so a busy stock counter does not push
 * events out. `floor` is the position behind which everything is here.
 */
export class Ring {
  floor: number
  private entries: (Entry | null)[] = []
  private start = 0
  private live = 0
  private bytes = 0
  private readonly newest = new Map<string, number>()
  private base = 0
  private readonly limits: { ringEntries: number; ringBytes: number }

  constructor(floor: number, limits: { ringEntries: number; ringBytes: number }) {
    this.floor = floor
    this.limits = limits
  }

  add(entry: Entry): void {
    if (entry.key !== null) {
      const older = this.newest.get(entry.key)
      if (older !== undefined) this.forget(older)
      this.newest.set(entry.key, this.base + this.entries.length)
    }
    this.entries.push(entry)
    this.live++
    this.bytes += entry.text.length
    while (this.live > this.limits.ringEntries || this.bytes > this.limits.ringBytes) this.dropOldest()
    this.compact()
  }

  /** Everything behind `seq` in order, newest values only; null when part of it is gone: never a partial recovery. */
  since(seq: number): readonly Entry[] | null {
    if (seq < this.floor) return null
    const found: Entry[] = []
    for (let i = this.entries.length - 1; i >= this.start; i--) {
      const entry = this.entries[i]
      if (!entry) continue
      if (entry.seq <= seq) break
      found.push(entry)
    }
    return found.reverse()
  }

  private forget(position: number): void {
    const index = position - this.base
    const entry = this.entries[index]
    if (!entry) return
    this.entries[index] = null
    this.live--
    this.bytes -= entry.text.length
  }

  private dropOldest(): void {
    while (this.entries[this.start] === null) this.start++
    const oldest = this.entries[this.start]
    if (!oldest) return
    if (oldest.key !== null) this.newest.delete(oldest.key)
    this.floor = Math.max(this.floor, oldest.seq)
    this.forget(this.base + this.start)
    this.start++
  }

  private compact(): void {
    if (this.entries.length < 64 || this.live * 2 > this.entries.length) return
    const kept = this.entries.filter((entry) => entry !== null)
    this.base += this.entries.length - kept.length
    this.entries = kept
    this.start = 0
    kept.forEach((entry, index) => {
      if (entry.key !== null) this.newest.set(entry.key, this.base + index)
    })
  }
}
