import { type Locale, locales } from '@efir/contract/scalars.ts'
import { expect, test } from 'vitest'
import { attributeText, knownUnits, quantityText, type Say, specParts, specText } from './spec.ts'
import { format } from './words.ts'

const say =
  (locale: Locale): Say =>
  (key, values) =>
    format(locale, key, values)
const plain = (text: string) => text.replace(/\u00a0/g, ' ')

test('every unit has a text in every language, and is never shown as its code', () => {
  for (const locale of locales)
    for (const unit of knownUnits.filter((one) => one !== '1')) {
      const text = quantityText(locale, say(locale), 7, unit)
      expect(text, `${unit} in ${locale}`).toContain('7')
      expect(text, `${unit} in ${locale}`).not.toMatch(/[[\]{}]/)
      expect(text.length).toBeGreaterThan(1)
    }
})

test('words for time follow the number', () => {
  const days = (value: number) => plain(quantityText('ru', say('ru'), value, 'd'))
  expect([1, 3, 12, 21, 1.5].map(days)).toEqual(['1 день', '3 дня', '12 дней', '21 день', '1,5 дня'])
  expect(quantityText('ar', say('ar'), 2, 'mo')).toBe('شهران')
  expect(plain(quantityText('uk', say('uk'), 24, 'mo'))).toBe('24 місяці')
})

test('qualifier stands before, condition after', () => {
  const given = { value: 30, unit: 'min', qualifier: 'max', condition: { depth: { value: 50, unit: 'm' } } }
  expect(plain(specText('en', say('en'), given))).toBe('at most 30 min at a depth of 50 m')
  expect(plain(specText('ru', say('ru'), given))).toBe('не более 30 мин на глубине 50 м')
  expect(specParts('en', say('en'), given)).toEqual({
    qualifier: 'at most',
    value: '30\u00a0min',
    condition: 'at a depth of 50\u00a0m',
  })
})

test('an exact value has no qualifier, a range both ends, a mode its words', () => {
  expect(plain(specText('fr', say('fr'), { value: 50, unit: 'm', qualifier: 'exact' }))).toBe('50 m')
  expect(plain(specText('en', say('en'), { value: [-10, 45], unit: 'Cel' }))).toBe('−10–45 °C')
  expect(
    plain(specText('es', say('es'), { value: 18, unit: 'd', qualifier: 'up_to', condition: { mode: 'power_saving' } })),
  ).toBe('hasta 18 días en modo de ahorro')
})

test('closed values are words, codes stay codes, and lists are lists', () => {
  expect(attributeText('fr', say('fr'), { type: 'enum', value: 'stainless_steel' })).toBe('acier inoxydable')
  expect(attributeText('en', say('en'), { type: 'enum', value: ['s', 'm', 'xl'] })).toBe('S, M, XL')
  expect(attributeText('en', say('en'), { type: 'enum', value: 'IP68' })).toBe('IP68')
  expect(attributeText('zh', say('zh'), { type: 'boolean', value: false })).toBe('否')
  expect(
    plain(
      attributeText('en', say('en'), {
        type: 'composition',
        value: [
          { material: 'cotton', percent: 95 },
          { material: 'elastane', percent: 5 },
        ],
      }),
    ),
  ).toBe('cotton 95%, elastane 5%')
})

test('a unit that is not known is shown as written', () => {
  expect(plain(quantityText('en', say('en'), 5, 'N.m'))).toBe('5 N.m')
})
