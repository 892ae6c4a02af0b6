import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { namedAccount, reachableBy } from './account.ts'
import { binariesFor, findBinaries, hydrateLinks } from './binaries.ts'
import { shortLink } from './place.ts'
import { whatIsWrong } from './probe.ts'

const stranger = 60_584
const isRoot = process.getuid?.() === 0
let base: string
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'efir-place-')))
  chmodSync(base, 0o755)
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test('a file is reachable only when every folder above it may be entered', () => {
  const file = join(base, 'a/b/tool')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '', { mode: 0o755 })
  expect(reachableBy(file, stranger, stranger)).toBe(true)
  chmodSync(join(base, 'a'), 0o700)
  expect(reachableBy(file, stranger, stranger)).toBe(false)
  chmodSync(join(base, 'a'), 0o711)
  expect(reachableBy(file, stranger, stranger)).toBe(true)
  chmodSync(file, 0o744)
  expect(reachableBy(file, stranger, stranger)).toBe(false)
})

test.runIf(isRoot)('an account reaches its own folder whatever others may do', () => {
  const own = join(base, 'own')
  mkdirSync(own, { mode: 0o700 })
  expect(reachableBy(own, stranger, stranger)).toBe(false)
  chownSync(own, stranger, stranger)
  expect(reachableBy(own, stranger, stranger)).toBe(true)
})

test('initdb runs as nobody, or as any account but root', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nnobody:x:65534:65533::/:/bin/false\n'
  expect(namedAccount(passwd)).toEqual({ uid: 65_534, gid: 65_533 })
  expect(namedAccount(passwd.replace('nobody', 'other'))).toEqual({ uid: 1, gid: 1 })
  expect(() => namedAccount('root:x:0:0::/root:/bin/sh\n')).toThrow(/DATABASE_URL/)
})

test('library links that an install script would have made are made', () => {
  const native = join(base, 'native')
  mkdirSync(join(native, 'lib'), { recursive: true })
  writeFileSync(
    join(native, 'pg-symlinks.json'),
    JSON.stringify([{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]),
  )
  expect([hydrateLinks(base), hydrateLinks(base)]).toEqual([1, 0])
  expect(readlinkSync(join(native, 'lib/libx.so.1'))).toBe('libx.so.1.2')
})

test('binaries below a closed folder are copied once to where the account reads them, complete', () => {
  const installed = findBinaries()
  const closed = join(base, 'closed/native')
  for (const part of ['bin', 'lib/libpq.so.5', 'share/postgresql/postgres.bki']) {
    cpSync(join(installed.folder, part), join(closed, part), { recursive: true, dereference: true })
  }
  symlinkSync('libpq.so.5', join(closed, 'lib/libpq.so'))
  writeFileSync(join(closed, 'lib/libpq.a'), 'only for linking')
  chmodSync(join(base, 'closed'), 0o700)
  const hidden = { ...installed, folder: closed, initdb: join(closed, 'bin/initdb'), postgres: join(closed, 'bin/postgres') }
  const target = join(base, 'cache')
  const copied = binariesFor(stranger, stranger, hidden, [target])
  expect(dirname(copied.folder)).toBe(target)
  expect(reachableBy(copied.postgres, stranger, stranger)).toBe(true)
  expect(reachableBy(join(copied.folder, 'share/postgresql/postgres.bki'), stranger, stranger)).toBe(true)
  expect(readlinkSync(join(copied.folder, 'lib/libpq.so'))).toBe('libpq.so.5')
  expect(() => reachableBy(join(copied.folder, 'lib/libpq.a'), stranger, stranger)).toThrow(/ENOENT/)
  expect(binariesFor(stranger, stranger, hidden, [target]).folder).toBe(copied.folder)
  // A folder into which others may write could hold another's binaries.
  chmodSync(target, 0o777)
  expect(() => binariesFor(stranger, stranger, hidden, [target])).toThrow(/DATABASE_URL/)
})

test('the short name of a long folder stays the same and leads to it', () => {
  const link = shortLink(base)
  try {
    expect(shortLink(base)).toBe(link)
    expect(readlinkSync(link)).toBe(base)
    expect(link.length).toBeLessThan(60)
  } finally {
    unlinkSync(link)
  }
})

test('a database that is too old, not UTF-8 or knows only ASCII letters is named as such', () => {
  const good = { version: 150_000, encoding: 'UTF8', lowered: 'ж', ctype: 'C.UTF-8' }
  expect(whatIsWrong(good)).toEqual([])
  expect(whatIsWrong({ version: 140_011, encoding: 'SQL_ASCII', lowered: 'Ж', ctype: 'C' })).toHaveLength(4)
  expect(whatIsWrong({ ...good, version: 140_011 })[0]).toMatch(/version is 14/)
})
