import { expect, test } from 'vitest'
import { type MarketProfile, pickMarket } from './market.ts'

const profile = (code: string, ...languages: string[]) => ({ code, country: code, languages }) as unknown as MarketProfile
const markets = [
  profile('PH', 'en'),
  profile('FR', 'fr', 'ar'),
  profile('US', 'en', 'es'),
  profile('ES', 'es'),
  profile('CN', 'zh'),
]
const pick = (wishes: (string | undefined)[], language: string) => pickMarket(markets, wishes, language)?.code

test('what was chosen comes first, then the country of the person, then that of the browser', () => {
  expect(pick(['ES', 'FR', 'CN'], 'en')).toBe('ES')
  expect(pick([undefined, 'FR', 'CN'], 'en')).toBe('FR')
  expect(pick([undefined, undefined, 'BR', 'CN'], 'en')).toBe('CN')
})

test('a bare language means the country where most who speak it live, else any market that speaks it', () => {
  expect(['en', 'es', 'fr', 'zh'].map((language) => pick([], language))).toEqual(['US', 'ES', 'FR', 'CN'])
  expect(pick([], 'ar')).toBe('FR')
  expect(pick([], 'pt')).toBe('PH')
  expect(pickMarket([], [], 'en')).toBeNull()
})
