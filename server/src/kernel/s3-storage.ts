import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { S3mini } from 's3mini'
import { isKey, type Storage } from './storage.ts'

export interface S3Options {
  /** With the bucket as its path: https://s3.example/bucket. */
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Where writers work until what they made is moved up. */
  readonly work: string
}

const tries = 4
const pageSize = 500
const deleteAtOnce = 500
const commandMs = 60_000

/** Files in a bucket. Reading and writing the same key again changes nothing, so a passing trouble is tried again. */
export function openS3Storage(options: S3Options): Storage {
  const { endpoint, region, accessKeyId, secretAccessKey, work } = options
  const s3 = new S3mini({ endpoint, region, accessKeyId, secretAccessKey, requestAbortTimeout: commandMs })
  const good = (key: string): string => {
    if (!isKey(key)) throw new Error(`defect: bad storage key ${key}`)
    return key
  }

  async function again<T>(command: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await command()
      } catch (problem) {
        if (attempt === tries || !isPassing(problem)) throw problem
        await pause(100 * 4 ** (attempt - 1))
      }
    }
  }

  /** Null: there is no such key. */
  async function ask(key: string, range?: { start: number; end: number }): Promise<Response | null> {
    const whole = range === undefined
    try {
      return await again(() => s3.getObjectRaw(key, whole, range?.start, whole ? undefined : range.end + 1))
    } catch (problem) {
      if ((problem as { status?: number }).status === 404) return null
      throw problem
    }
  }

  async function* keysBelow(prefix: string): AsyncGenerator<string> {
    let token: string | undefined
    do {
      const page = await again(() => s3.listObjectsPaged('/', prefix, pageSize, token))
      for (const { Key } of page?.objects ?? []) if (isKey(Key)) yield Key
      token = page?.nextContinuationToken
    } while (token)
  }

  return {
    disk: diskOf(work),
    async put(key, bytes) {
      good(key)
      await again(() => s3.putAnyObject(key, new Uint8Array(bytes)))
    },
    async get(key) {
      const answer = await ask(good(key))
      return answer && new Uint8Array(await answer.arrayBuffer())
    },
    async stream(key, range) {
      const answer = await ask(good(key), range)
      if (!answer?.body) return null
      const total = answer.headers.get('content-range')?.split('/')[1] ?? answer.headers.get('content-length')
      return { size: Number(total), body: Readable.fromWeb(answer.body as never) }
    },
    async delete(key) {
      good(key)
      await again(() => s3.deleteObject(key))
    },
    async deleteBelow(prefix) {
      await rm(join(work, good(prefix)), { recursive: true, force: true })
      let some: string[] = []
      const flush = async () => {
        const gone = some
        some = []
        if (gone.length > 0) await again(() => s3.deleteObjects(gone))
      }
      for await (const key of keysBelow(`${prefix}/`)) if (some.push(key) === deleteAtOnce) await flush()
      await flush()
    },
    async folder(prefix) {
      const path = join(work, good(prefix))
      await mkdir(path, { recursive: true })
      return path
    },
    async keep(prefix) {
      const path = join(work, good(prefix))
      if (!existsSync(path)) return
      // The playlist last: who finds it finds all that it names.
      const files = (await readdir(path)).filter((name) => isKey(name)).toSorted((a, b) => Number(isList(a)) - Number(isList(b)))
      for (const file of files) {
        const bytes = await readFile(join(path, file))
        await again(() => s3.putAnyObject(`${prefix}/${file}`, new Uint8Array(bytes)))
      }
      await rm(path, { recursive: true, force: true })
    },
    keys: () => keysBelow(''),
  }
}

/** The bucket is in trouble, or there was no answer at all. */
function isPassing(problem: unknown): boolean {
  const { status, name, cause } = problem as { status?: number; name?: string; cause?: unknown }
  if (status !== undefined) return status >= 500 || status === 429
  return cause !== undefined || name === 'S3NetworkError' || name === 'TimeoutError'
}

const isList = (file: string): boolean => file.endsWith('.m3u8')

/** A name that stays with the disk. */
function diskOf(work: string): string {
  const file = join(work, 'name')
  if (!existsSync(file)) {
    mkdirSync(work, { recursive: true })
    writeFileSync(file, randomBytes(8).toString('hex'))
  }
  return readFileSync(file, 'utf8')
}
