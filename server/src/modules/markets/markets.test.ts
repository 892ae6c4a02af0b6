import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allProfiles, profileOf, readProfiles } from './views.ts'

test('seven markets, each with a currency of its own hesitation price', () => {
  expect(allProfiles().map((p) => p.code)).toEqual(['CN', 'ES', 'FR', 'PH', 'RU', 'UA', 'US'])
  for (const p of allProfiles()) expect(p.hesitationPrice.currency).toBe(p.currency)
})

test('a new market is one file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'efir-markets-'))
  writeFileSync(
    join(folder, 'zz.json'),
    JSON.stringify({
      ...profileOf('FR'),
      code: 'ZZ',
      country: 'ZZ',
      currency: 'XTS',
      hesitationPrice: { amount: 1, currency: 'XTS' },
    }),
  )
  expect(readProfiles(folder).get('ZZ')?.currency).toBe('XTS')
})

test('a wrong file is refused by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'efir-markets-'))
  writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...profileOf('FR'), taxRate: 'much' }))
  expect(() => readProfiles(folder)).toThrow(/bad\.json.*taxRate/)
})
