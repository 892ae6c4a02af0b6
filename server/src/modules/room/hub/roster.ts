export interface Seated {
  /** Index in its roster; -1 when in none. */
  slot: number
}

/**
 * A list that is walked in slices while people come and go. A leaver's seat stays empty until no walk is under way, so nobody
 * is skipped or met twice; a newcomer sits behind the end of the walk.
 */
export class Roster<T extends Seated> {
  private seats: (T | undefined)[] = []
  private empty = 0
  private walks = 0

  get size(): number {
    return this.seats.length - this.empty
  }

  add(one: T): void {
    one.slot = this.seats.length
    this.seats.push(one)
  }

  remove(one: T): void {
    if (this.seats[one.slot] !== one) return
    this.seats[one.slot] = undefined
    one.slot = -1
    this.empty++
    if (this.walks === 0) this.close()
  }

  /** Calls for everyone who is here now, `slice` at a time; resumes through `defer`, then `done`. */
  walk(slice: number, call: (one: T) => void, defer: (next: () => void) => void, done: () => void): void {
    const end = this.seats.length
    let index = 0
    this.walks++
    const step = () => {
      const stop = Math.min(end, index + slice)
      for (; index < stop; index++) {
        const one = this.seats[index]
        if (one) call(one)
      }
      if (index < end) return defer(step)
      this.walks--
      if (this.walks === 0) this.close()
      done()
    }
    step()
  }

  each(call: (one: T) => void): void {
    for (const one of this.seats.slice()) if (one) call(one)
  }

  private close(): void {
    if (this.empty < 32 || this.empty * 4 < this.seats.length) return
    this.seats = this.seats.filter((one) => one !== undefined)
    this.seats.forEach((one, slot) => {
      if (one) one.slot = slot
    })
    this.empty = 0
  }
}
