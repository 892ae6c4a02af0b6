import { expect, test } from 'vitest'
import type { Bus } from './bus.ts'

/** What every bus keeps. `open` gives two ends: for a bus of one process the same one twice. */
export function busContract(open: () => Promise<{ here: Bus; there: Bus } & AsyncDisposable>): void {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const collect = (list: string[]) => (data: Uint8Array) => void list.push(Buffer.from(data).toString('latin1'))

  test('what is published arrives whole, in order, only under its topic, also at the sender', async () => {
    await using ends = await open()
    const { here, there } = ends
    const [mine, theirs, others]: [string[], string[], string[]] = [[], [], []]
    here.subscribe('room', collect(mine))
    there.subscribe('room', collect(theirs))
    there.subscribe('rooms', collect(others))
    await Promise.all([here.settled(), there.settled()])
    const all = Array.from({ length: 200 }, (_, n) => `message ${n}`)
    for (const text of all) here.publish('room', bytes(text))
    const binary = Uint8Array.from({ length: 70_000 }, (_, n) => n % 256)
    here.publish('room', binary.subarray(1))
    here.publish('rooms', new Uint8Array(0))
    await expect.poll(() => [mine.length, theirs.length, others.length]).toEqual([201, 201, 1])
    expect(theirs.slice(0, 200)).toEqual(all)
    expect(theirs[200]).toBe(Buffer.from(binary.subarray(1)).toString('latin1'))
    expect(mine).toEqual(theirs)
    expect(others).toEqual([''])
  })

  test('who has left hears nothing more, the others still do, and the audience is known', async () => {
    await using ends = await open()
    const { here, there } = ends
    const [first, second]: [string[], string[]] = [[], []]
    const leave = there.subscribe('room', collect(first))
    there.subscribe('room', collect(second))
    await there.settled()
    here.publish('room', bytes('a'))
    await expect.poll(() => second).toEqual(['a'])
    leave()
    here.publish('room', bytes('b'))
    await expect.poll(() => second).toEqual(['a', 'b'])
    expect(first).toEqual(['a'])
    expect(await here.audience('room')).toBe(1)
    expect(await here.audience('nobody')).toBe(0)
  })

  test('a name is held by one process, kept by asking again, and free again when it is let go; terms only grow', async () => {
    await using ends = await open()
    const { here, there } = ends
    const [first] = await here.hold(['room'], 60_000)
    expect(first).toBeGreaterThan(0)
    expect(await here.hold(['room', 'other'], 60_000)).toEqual([first, expect.any(Number)])
    if (there !== here) expect(await there.hold(['room', 'third'], 60_000)).toEqual([null, expect.any(Number)])
    await there.release(here === there ? [] : ['room'])
    expect(await here.hold(['room'], 60_000)).toEqual([first])
    await here.release(['room'])
    const [second] = await there.hold(['room'], 60_000)
    expect(second).toBeGreaterThan(first as number)
    expect(await there.hold([], 1)).toEqual([])
  })

  test('the first value given under a name is the value for all', async () => {
    await using ends = await open()
    expect(await ends.here.agree('epoch', 'one')).toBe('one')
    expect(await ends.there.agree('epoch', 'two')).toBe('one')
    expect(await ends.here.agree('another', 'three')).toBe('three')
  })
}
