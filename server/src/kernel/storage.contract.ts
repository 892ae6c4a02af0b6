import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Storage } from './storage.ts'

/** What every storage keeps. */
export function storageContract(open: () => Promise<Storage>): void {
  const bytes = (size: number) => Uint8Array.from({ length: size }, (_, n) => (n * 31) % 256)
  async function read(storage: Storage, key: string, range?: { start: number; end: number }) {
    const found = await storage.stream(key, range)
    if (!found) return null
    const parts: Buffer[] = []
    for await (const part of found.body) parts.push(part as Buffer)
    return { size: found.size, bytes: new Uint8Array(Buffer.concat(parts)) }
  }
  async function all(storage: Storage): Promise<string[]> {
    const keys: string[] = []
    for await (const key of storage.keys()) keys.push(key)
    return keys.toSorted()
  }

  test('what was put is read back whole, in a stream and in part; the newest wins', async () => {
    const storage = await open()
    const picture = bytes(300_000)
    await storage.put('pictures/a/1.webp', bytes(10))
    await storage.put('pictures/a/1.webp', picture)
    expect(Buffer.compare((await storage.get('pictures/a/1.webp')) ?? picture.slice(1), picture)).toBe(0)
    const whole = await read(storage, 'pictures/a/1.webp')
    expect([whole?.size, Buffer.compare(whole?.bytes ?? picture.slice(1), picture)]).toEqual([300_000, 0])
    const part = await read(storage, 'pictures/a/1.webp', { start: 1_000, end: 1_099 })
    expect(part).toEqual({ size: 300_000, bytes: picture.slice(1_000, 1_100) })
  })

  test('what is not there is null, and deleting it is no error', async () => {
    const storage = await open()
    expect(await storage.get('pictures/none.webp')).toBeNull()
    expect(await storage.stream('pictures/none.webp')).toBeNull()
    await storage.delete('pictures/none.webp')
    await storage.deleteBelow('pictures/none')
  })

  test('what is deleted is gone, alone or below a prefix, and its neighbours stay', async () => {
    const storage = await open()
    const keys = ['rec/a/1.m4s', 'rec/a/2.m4s', 'rec/a/b/3.m4s', 'rec/ab/1.m4s', 'rec/b.m4s']
    for (const key of keys) await storage.put(key, bytes(3))
    expect(await all(storage)).toEqual(keys.toSorted())
    await storage.deleteBelow('rec/a')
    await storage.delete('rec/b.m4s')
    expect(await all(storage)).toEqual(['rec/ab/1.m4s'])
  })

  test('what writers leave in a folder is kept like the rest, also when it is kept twice', async () => {
    const storage = await open()
    const folder = await storage.folder('rec/show/session')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, '000001.m4s'), bytes(500))
    await writeFile(join(folder, 'vod.m3u8'), '#EXTM3U')
    await storage.keep('rec/show/session')
    await storage.keep('rec/show/session')
    expect(await all(storage)).toEqual(['rec/show/session/000001.m4s', 'rec/show/session/vod.m3u8'])
    expect((await read(storage, 'rec/show/session/000001.m4s'))?.size).toBe(500)
    if (storage.disk !== null) expect(existsSync(folder)).toBe(false)
    await storage.deleteBelow('rec/show')
    expect(await all(storage)).toEqual([])
  })

  test('a key that leaves the storage is a defect', async () => {
    const storage = await open()
    for (const key of ['../x', 'a/../../x', '/etc/passwd', 'a//b', '.hidden', ''])
      await expect(storage.put(key, bytes(1))).rejects.toThrow('defect')
  })
}
