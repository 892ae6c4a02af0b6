import { type ChildProcess, spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  fsyncSync,
  lchownSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import type { Place } from './place.ts'

/** What a machine with two cores and little memory wants; everything that guards data stays on. */
export const safeSettings: Readonly<Record<string, string>> = {
  shared_buffers: '128MB',
  max_connections: '100',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  jit: 'off',
  wal_buffers: '8MB',
  min_wal_size: '128MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '10min',
  // A node answers many short statements: parallel workers only make the others wait.
  max_parallel_workers_per_gather: '0',
  io_workers: '2',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_duration_statement: '1000',
  log_line_prefix: '%m [%p] ',
  lc_messages: 'C.UTF-8',
}

/** For test databases, which nobody misses after a power cut. */
export const fastSettings: Readonly<Record<string, string>> = {
  ...safeSettings,
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_connections: '200',
  autovacuum: 'off',
  max_wal_size: '4GB',
}

/**
 * PGDATA as the child sees it. Below a folder that its account cannot enter, the child gets the home as descriptor 3 and
 * reaches it through /proc/self/fd: the kernel resolves that link without walking the path. Its children inherit it.
 */
const seen = (place: Place, folder: string): string => (place.hidden ? `/proc/self/fd/3/${basename(folder)}` : folder)

type As = { readonly uid: number; readonly gid: number } | null

function run(
  place: Place,
  command: string,
  args: readonly string[],
  as: As,
  output: number | 'pipe',
  detached: boolean,
): ChildProcess {
  const home = openSync(place.home, 'r')
  try {
    return spawn(command, args, {
      cwd: '/',
      // Nothing of our environment: PG* variables would change what PostgreSQL does.
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', output, output, home],
      detached,
      ...(as ? { uid: as.uid, gid: as.gid } : {}),
    })
  } finally {
    closeSync(home)
  }
}

/** Makes a new cluster beside its place and renames it: a half-made one is never taken for whole. */
export async function makeCluster(place: Place): Promise<void> {
  const draft = join(place.home, 'cluster.new')
  rmSync(draft, { recursive: true, force: true })
  if (lstatSync(place.cluster, { throwIfNoEntry: false }))
    throw new Error(`${place.cluster} exists but holds no cluster. Move it away or delete it.`)
  const { account } = place
  if (account) chownSync(place.home, account.named.uid, account.named.gid)
  try {
    const args = [
      '-D',
      seen(place, draft),
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ]
    args.push('-U', 'efir', '--auth-local=trust', '--auth-host=scram-sha-256', '--no-instructions')
    const child = run(place, place.binaries.initdb, args, account?.named ?? null, 'pipe', false)
    const said: Buffer[] = []
    child.stdout?.on('data', (part: Buffer) => said.push(part))
    child.stderr?.on('data', (part: Buffer) => said.push(part))
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
    if (code !== 0) throw new Error(`initdb failed (${code}):\n${Buffer.concat(said).toString().slice(-2000)}`)
  } finally {
    if (account) chownSync(place.home, account.uid, account.gid)
  }
  if (account) chownAll(draft, account.uid, account.gid)
  renameSync(draft, place.cluster)
  const home = openSync(place.home, 'r')
  fsyncSync(home)
  closeSync(home)
}

export function chownAll(folder: string, uid: number, gid: number): void {
  lchownSync(folder, uid, gid)
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid)
  }
}

export function launchPostgres(place: Place, settings: Readonly<Record<string, string>>): ChildProcess {
  const made = readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8').trim()
  const major = place.binaries.version.split('.')[0]
  if (made !== major)
    throw new Error(
      `The database in ${place.cluster} was made by PostgreSQL ${made}; this Efir brings ${major}. See docs/operating for upgrading.`,
    )
  const args = ['-D', seen(place, place.cluster)]
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)
  const log = openSync(place.logFile, 'a', 0o600)
  try {
    // A group of its own: Ctrl-C must reach the server alone, which stops PostgreSQL last.
    const child = run(place, place.binaries.postgres, args, place.account, log, true)
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}
