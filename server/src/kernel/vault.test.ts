import { expect, test } from 'vitest'
import { openSealer } from './vault.ts'

const first = 'the first secret of this platform, long'
const second = 'the second secret of this platform, long'

test('[PAY15] what is sealed opens in its place, and reads like nothing', () => {
  const sealer = openSealer([first])
  const sealed = sealer.seal('sk_live_abcdef', 'pac_1')
  expect(sealed).not.toContain('abcdef')
  expect(sealer.open(sealed, 'pac_1')).toBe('sk_live_abcdef')
  expect(sealer.seal('sk_live_abcdef', 'pac_1')).not.toBe(sealed)
})

test('[PAY15] moved to another place, changed or torn it does not open', () => {
  const sealer = openSealer([first])
  const sealed = sealer.seal('sk_live_abcdef', 'pac_1')
  expect(() => sealer.open(sealed, 'pac_2')).toThrow()
  for (let i = 12; i < sealed.length; i += 3) {
    const other = sealed[i] === 'A' ? 'B' : 'A'
    expect(() => sealer.open(sealed.slice(0, i) + other + sealed.slice(i + 1), 'pac_1')).toThrow()
  }
  expect(() => sealer.open(sealed.slice(0, 20), 'pac_1')).toThrow(/torn/)
  expect(() => sealer.open('s2.x.y', 'pac_1')).toThrow(/unknown form/)
})

test('[PAY16] after a change of the secret the old one still opens, is known as old, and can be sealed anew', () => {
  const sealed = openSealer([first]).seal('whsec_1', 'pac_1')
  expect(() => openSealer([second]).open(sealed, 'pac_1')).toThrow(/EFIR_SECRETS_BEFORE/)
  const both = openSealer([second, first])
  expect(both.isOld(sealed)).toBe(true)
  const anew = both.seal(both.open(sealed, 'pac_1'), 'pac_1')
  expect(both.isOld(anew)).toBe(false)
  expect(openSealer([second]).open(anew, 'pac_1')).toBe('whsec_1')
})
