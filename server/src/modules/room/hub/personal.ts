import { jsonFrame } from './frame.ts'
import type { Viewer } from './viewer.ts'

/**
 * What concerns one person, to all their windows. The truth is in the database: this channel only says that there is something
 * new, and on coming back whether anything may have been missed.
 */
export class PersonalChannel {
  private readonly windows = new Map<string, Set<Viewer>>()
  private readonly last = new Map<string, number>()
  private floor: number
  private readonly most: number

  constructor(pos: number, most: number) {
    this.floor = pos
    this.most = most
  }

  join(viewer: Viewer): void {
    if (!viewer.member) return
    const { personId } = viewer.member
    const windows = this.windows.get(personId) ?? new Set()
    windows.add(viewer)
    this.windows.set(personId, windows)
  }

  leave(viewer: Viewer): void {
    if (!viewer.member) return
    const windows = this.windows.get(viewer.member.personId)
    windows?.delete(viewer)
    if (windows?.size === 0) this.windows.delete(viewer.member.personId)
  }

  of(personId: string): Iterable<Viewer> {
    return [...(this.windows.get(personId) ?? [])]
  }

  send(personId: string, seq: number, type: string, data: unknown): void {
    this.last.delete(personId)
    this.last.set(personId, seq)
    if (this.last.size > this.most) this.forgetOldest()
    const windows = this.windows.get(personId)
    if (!windows) return
    const frame = jsonFrame({ t: 'personal', seq, type, data })
    for (const viewer of windows) {
      if (viewer.rung === 'held') viewer.missed = seq
      else viewer.wire.write(frame)
    }
  }

  /** Whether a person who saw everything up to `seen` may have missed something; rather once too often. */
  isStale(personId: string, seen: number): boolean {
    return (this.last.get(personId) ?? this.floor) > seen
  }

  private forgetOldest(): void {
    const oldest = this.last.entries().next().value
    if (!oldest) return
    this.last.delete(oldest[0])
    this.floor = Math.max(this.floor, oldest[1])
  }
}
