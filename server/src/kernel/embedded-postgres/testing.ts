import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { openLog } from '../log.ts'
import { isAlive, processesIn, processIdentity, signal } from '../processes.ts'
import { chownAll, fastSettings, makeCluster } from './launch.ts'
import { databaseUrl, type Place, preparePlace } from './place.ts'
import { stopPostmaster } from './postmaster.ts'
import { digestOf, type Running, type Settings, start } from './start.ts'

export const templateName = 'efir_template'

export interface TestPostgres extends AsyncDisposable {
  /** The database `postgres`, for creating and dropping others. */
  readonly adminUrl: string
}

export interface TestPostgresOptions {
  /** Fills the template once; the result is kept for later runs under `digest`. */
  readonly prepare: (templateUrl: string) => Promise<unknown>
  /** Names what `prepare` would do: the same digest, the same template. */
  readonly digest: string
  readonly settings?: Settings
}

const prefix = 'efir-test-pg-'
const silent = openLog('silent')

/** One throw-away cluster for a whole run: a copy of a prepared one, in the temporary folder, without fsync. */
export async function startTestPostgres(options: TestPostgresOptions): Promise<TestPostgres> {
  sweepTestClusters()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }))
  try {
    const { place, running } = await startIn(join(folder, 'data'), options)
    return {
      adminUrl: databaseUrl(place, 'postgres'),
      async [Symbol.asyncDispose]() {
        await end(place, running)
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (problem) {
    rmSync(folder, { recursive: true, force: true })
    throw problem
  }
}

async function startIn(dataDir: string, options: TestPostgresOptions): Promise<{ place: Place; running: Running }> {
  const place = preparePlace(dataDir)
  const settings = {
    ...fastSettings,
    ...options.settings,
    unix_socket_directories: '..',
    unix_socket_permissions: '0700',
    listen_addresses: '',
  }
  const kept = keptCluster(digestOf(place, settings), options.digest)
  if (existsSync(kept)) {
    copyCluster(kept, place.cluster, place)
  } else {
    await makeCluster(place)
    await prepareTemplate(place, settings, options.prepare)
    keep(place, kept)
  }
  return { place, running: await start(place, settings, silent) }
}

async function prepareTemplate(place: Place, settings: Settings, prepare: TestPostgresOptions['prepare']): Promise<void> {
  const running = await start(place, settings, silent)
  try {
    await asAdmin(databaseUrl(place, 'postgres'), async (admin) => {
      await admin.query(`create database ${templateName}`)
      await prepare(databaseUrl(place, templateName))
      await admin.query(`alter database ${templateName} is_template true allow_connections false`)
    })
  } finally {
    await stopPostmaster(place, running.postmaster)
  }
}

/** The cluster is thrown away: nothing needs to be written. */
async function end(place: Place, { postmaster }: Running): Promise<void> {
  signal(postmaster.pid, 'SIGQUIT')
  await stopPostmaster(place, postmaster, 5000)
}

function keptCluster(settingsDigest: string, digest: string): string {
  const base = join(tmpdir(), `efir-test-clusters-${userInfo().uid}`)
  mkdirSync(base, { recursive: true, mode: 0o700 })
  const found = lstatSync(base)
  if (!found.isDirectory() || found.uid !== userInfo().uid) throw new Error(`${base} belongs to somebody else`)
  return join(base, createHash('sha256').update(`${settingsDigest} ${digest}`).digest('hex').slice(0, 20))
}

/** Keeps a copy for later runs and drops all but the newest few. */
function keep(place: Place, kept: string): void {
  const draft = `${kept}.${process.pid}`
  cpSync(place.cluster, draft, { recursive: true })
  // Another run may have kept the same one meanwhile.
  if (existsSync(kept)) rmSync(draft, { recursive: true, force: true })
  else renameSync(draft, kept)
  const base = join(kept, '..')
  const byAge = readdirSync(base).map((name) => ({
    path: join(base, name),
    at: lstatSync(join(base, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }))
  for (const { path } of byAge.sort((a, b) => b.at - a.at).slice(6)) rmSync(path, { recursive: true, force: true })
}

function copyCluster(from: string, to: string, { account }: Place): void {
  cpSync(from, to, { recursive: true })
  chmodSync(to, 0o700)
  if (account) chownAll(to, account.uid, account.gid)
}

/** A run that was killed leaves its cluster; the next one ends and removes it. */
export function sweepTestClusters(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = join(tmpdir(), name)
    if (Date.now() - (lstatSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < 10_000) continue
    const run = runOf(folder)
    if (run && isAlive(run.pid, run.identity)) continue
    for (const pid of processesIn(join(folder, 'data/postgres/cluster'))) signal(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

function runOf(folder: string): { pid: number; identity: string } | null {
  const file = join(folder, 'run.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number; identity: string }) : null
}

async function asAdmin<T>(adminUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: adminUrl, application_name: 'efir tests' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export interface ClonedDatabase extends AsyncDisposable {
  readonly url: string
  readonly name: string
}

/** A fresh database with everything migrated; dropped on dispose, with whoever is still connected. */
export async function cloneDatabase(adminUrl: string, template: string = templateName): Promise<ClonedDatabase> {
  const name = `efir_${randomBytes(6).toString('hex')}`
  // The default strategy writes the copy through the log, which for small templates is quicker than copying files and a checkpoint.
  await asAdmin(adminUrl, (admin) => admin.query(`create database ${name} template ${template}`))
  const url = adminUrl.replace(/\/[^/?]*(\?|$)/, `/${name}$1`)
  return {
    url,
    name,
    [Symbol.asyncDispose]: () =>
      asAdmin(adminUrl, async (admin) => void (await admin.query(`drop database if exists ${name} with (force)`))),
  }
}
