import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createZstdDecompress } from 'node:zlib'
import { filePrefix, type Manifest, manifestName, tablePrefix } from './manifest.ts'
import { readTar, type TarEntry, wholeOf } from './tar.ts'

const mostManifestBytes = 512 * 1024 * 1024

export function entriesOf(file: string): AsyncGenerator<TarEntry> {
  const source = createReadStream(file)
  const plain = createZstdDecompress()
  source.on('error', (problem) => plain.destroy(problem))
  return readTar(source.pipe(plain) as AsyncIterable<Buffer>)
}

/** `schema.table` of a part's name. */
export const tableOf = (name: string): string => name.slice(tablePrefix.length, name.lastIndexOf('/'))

/** Reads the whole file once: every checksum must be right before anything is written anywhere. */
export async function check(file: string): Promise<Manifest> {
  const tables = new Map<string, { hash: Hash; bytes: number }>()
  const files = new Map<string, { sha256: string; bytes: number }>()
  let manifest: Manifest | null = null
  for await (const { name, size, body } of entriesOf(file)) {
    if (name === manifestName) manifest = await readManifest(size, body)
    else if (name.startsWith(tablePrefix)) {
      const table = tables.get(tableOf(name)) ?? { hash: createHash('sha256'), bytes: 0 }
      tables.set(tableOf(name), table)
      table.bytes += await digest(table.hash, body)
    } else {
      const hash = createHash('sha256')
      const bytes = await digest(hash, body)
      files.set(name.slice(filePrefix.length), { sha256: hash.digest('hex'), bytes })
    }
  }
  if (!manifest) throw new Error('the backup has no manifest: it was not finished')
  compare(manifest, tables, files)
  return manifest
}

async function readManifest(size: number, body: AsyncIterable<Buffer>): Promise<Manifest> {
  if (size > mostManifestBytes) throw new Error('the manifest is too large')
  const manifest = JSON.parse((await wholeOf(body)).toString('utf8')) as Manifest
  if (manifest.format !== 'efir backup') throw new Error('this is no backup of Efir')
  if (manifest.version !== 1) throw new Error(`this backup is of format ${manifest.version}, which this version does not read`)
  return manifest
}

async function digest(hash: Hash, body: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0
  for await (const chunk of body) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return bytes
}

function compare(
  manifest: Manifest,
  tables: Map<string, { hash: Hash; bytes: number }>,
  files: Map<string, { sha256: string; bytes: number }>,
): void {
  const empty = createHash('sha256').digest('hex')
  for (const { name, bytes, sha256 } of manifest.tables) {
    const got = tables.get(name)
    tables.delete(name)
    if ((got?.bytes ?? 0) !== bytes || (got?.hash.digest('hex') ?? empty) !== sha256) throw new Error(`table ${name} is damaged`)
  }
  for (const { key, bytes, sha256 } of manifest.files) {
    const got = files.get(key)
    files.delete(key)
    if (got?.bytes !== bytes || got.sha256 !== sha256) throw new Error(`file ${key} is damaged`)
  }
  const [stranger] = [...tables.keys(), ...files.keys()]
  if (stranger !== undefined) throw new Error(`${stranger} is not named by the manifest`)
}
