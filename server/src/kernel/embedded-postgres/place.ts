import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, chooseAccount, reachableBy } from './account.ts'
import { type Binaries, binariesFor, findBinaries } from './binaries.ts'

/**
 * Where one cluster lives. Only `home` belongs to the account of PostgreSQL; what the server itself writes (log, owner)
 * lies beside it, so that a broken-into database cannot lead a root process to other files by a symbolic link.
 */
export interface Place {
  readonly dataDir: string
  readonly home: string
  readonly cluster: string
  readonly logFile: string
  readonly ownerFile: string
  readonly account: Account | null
  readonly binaries: Binaries
  /** The home lies below a folder that the account cannot enter: it is handed over as descriptor 3 instead (see launch.ts). */
  readonly hidden: boolean
  /** Short enough for a socket address; may be a symbolic link to `home`. */
  readonly socketDir: string
}

/** Only part of the socket's name: nothing listens on a port. */
export const socketPort = 5432
/** sun_path holds 104 bytes on macOS and 108 on Linux, with the final zero. */
const socketDirLimitBytes = 103 - Buffer.byteLength(`/.s.PGSQL.${socketPort}`)

export function preparePlace(givenDir: string): Place {
  if (process.platform === 'win32')
    throw new Error('The embedded PostgreSQL runs on Linux and macOS. On Windows use WSL, or set DATABASE_URL.')
  mkdirSync(givenDir, { recursive: true })
  const dataDir = realpathSync(givenDir)
  const home = join(dataDir, 'postgres')
  const account = chooseAccount()
  mkdirSync(home, { recursive: true, mode: 0o700 })
  if (account) chownSync(home, account.uid, account.gid)
  chmodSync(home, 0o700)
  return {
    dataDir,
    home,
    cluster: join(home, 'cluster'),
    logFile: join(dataDir, 'postgres.log'),
    ownerFile: join(dataDir, 'postgres.json'),
    account,
    binaries: account ? binariesFor(account.uid, account.gid) : findBinaries(),
    hidden: account !== null && !reachableBy(home, account.uid, account.gid),
    socketDir: Buffer.byteLength(home) <= socketDirLimitBytes ? home : shortLink(home),
  }
}

/** The server binds its socket by a relative path; only its clients need a short name, which lives in the temporary folder. */
export function shortLink(home: string): string {
  const uid = process.getuid?.() ?? 0
  const link = join(tmpdir(), `efir-${uid}-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`)
  const found = lstatSync(link, { throwIfNoEntry: false })
  if (found?.isSymbolicLink() && found.uid === uid) {
    if (readlinkSync(link) === home) return link
    unlinkSync(link)
  } else if (found) {
    return linkIn(mkdtempSync(join(tmpdir(), 'efir-')), home)
  }
  symlinkSync(home, link)
  return link
}

function linkIn(folder: string, home: string): string {
  symlinkSync(home, join(folder, 'db'))
  return join(folder, 'db')
}

export function dropLink(place: Place): void {
  if (place.socketDir !== place.home) rmSync(place.socketDir, { force: true })
}

export const databaseUrl = (place: Place, database: string): string =>
  `postgres://efir@${encodeURIComponent(place.socketDir)}/${encodeURIComponent(database)}`

export const hasCluster = (place: Place): boolean =>
  statSync(join(place.cluster, 'PG_VERSION'), { throwIfNoEntry: false }) !== undefined
