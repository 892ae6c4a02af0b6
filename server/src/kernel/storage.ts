import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { Readable } from 'node:stream'

/** Files by key (`pictures/ab/....avif`). Keys are made by the product, never by people. */
export interface Storage {
  put(key: string, bytes: Uint8Array): Promise<void>
  get(key: string): Promise<Uint8Array | null>
  stream(key: string, range?: { start: number; end: number }): Promise<{ size: number; body: Readable } | null>
  delete(key: string): Promise<void>
  deleteBelow(prefix: string): Promise<void>
  /** A folder on this disk for writers that need one (recordings). */
  folder(prefix: string): Promise<string>
  /** The writers are done with the folder: what lies in it is kept like everything else. Safe to repeat. */
  keep(prefix: string): Promise<void>
  /** Names the disk on which folders lie until they are kept; null when every process sees them. */
  readonly disk: string | null
  /** Of everything that is kept here, in no order; drafts of writers are left out. */
  keys(): AsyncIterable<string>
}

const goodKey = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/

export const isKey = (key: string): boolean => goodKey.test(key) && !key.includes('..')

export function openDiskStorage(root: string): Storage {
  const home = resolve(root)
  const pathOf = (key: string): string => {
    const path = resolve(home, key)
    if (!isKey(key) || !path.startsWith(home + sep)) throw new Error(`defect: bad storage key ${key}`)
    return path
  }
  const missing = (problem: unknown): null => {
    if ((problem as { code?: string }).code === 'ENOENT') return null
    throw problem
  }
  return {
    async put(key, bytes) {
      const path = pathOf(key)
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${randomUUID()}.part`
      const file = await open(temporary, 'w')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    },
    get: async (key) => await readFile(pathOf(key)).catch(missing),
    async stream(key, range) {
      const info = await stat(pathOf(key)).catch(missing)
      if (!info?.isFile()) return null
      return { size: info.size, body: createReadStream(pathOf(key), range) }
    },
    delete: async (key) => await rm(pathOf(key), { force: true }),
    deleteBelow: async (prefix) => await rm(pathOf(prefix), { recursive: true, force: true }),
    async folder(prefix) {
      const path = join(pathOf(prefix))
      await mkdir(path, { recursive: true })
      return path
    },
    keep: async () => undefined,
    disk: null,
    keys: () => keysBelow(home, ''),
  }
}

async function* keysBelow(home: string, prefix: string): AsyncGenerator<string> {
  const entries = await readdir(join(home, prefix), { withFileTypes: true }).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return []
    throw problem
  })
  for (const entry of entries) {
    const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) yield* keysBelow(home, key)
    else if (entry.isFile() && goodKey.test(key) && !/\.(part|new)$/.test(key)) yield key
  }
}
