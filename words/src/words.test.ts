import { readdirSync } from 'node:fs'
import { refusals } from '@efir/contract/refusals.ts'
import { locales } from '@efir/contract/scalars.ts'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { describe, expect, test } from 'vitest'
import { type Area, areas, intlTags, type WordKey } from './areas.ts'
import { sameAsEnglish } from './same-as-english.ts'
import { format, messagesFor } from './words.ts'

/** A text of signs, units and parameters alone has nothing to translate. */
const hasWords = (text: string) => /\p{L}{4,}/u.test(text.replace(/\{[^{}]*\}/g, ''))

interface Shape {
  readonly args: Set<string>
  readonly plurals: { readonly kind: 'cardinal' | 'ordinal'; readonly categories: readonly string[] }[]
}

function shapeOf(elements: readonly MessageFormatElement[], shape: Shape = { args: new Set(), plurals: [] }): Shape {
  for (const one of elements) {
    if (one.type === TYPE.literal || one.type === TYPE.pound) continue
    const kind = one.type === TYPE.tag ? 'tag' : one.type === TYPE.plural || one.type === TYPE.select ? 'choice' : 'value'
    shape.args.add(kind === 'tag' ? `<${one.value}>` : one.value)
    if (one.type === TYPE.tag) shapeOf(one.children, shape)
    if (one.type === TYPE.plural) shape.plurals.push({ kind: one.pluralType ?? 'cardinal', categories: Object.keys(one.options) })
    if (one.type === TYPE.plural || one.type === TYPE.select)
      for (const option of Object.values(one.options)) shapeOf(option.value, shape)
  }
  return shape
}

test('every folder of messages is an area and the other way round', () => {
  expect(readdirSync(new URL('../messages', import.meta.url)).toSorted()).toEqual([...areas].toSorted())
})

describe.each(areas)('%s', (area: Area) => {
  const english = messagesFor(area, 'en')

  test.each(locales)('has every key in %s, of this area, and no other', (locale) => {
    const keys = Object.keys(messagesFor(area, locale))
    expect(keys.filter((key) => !(key in english))).toEqual([])
    expect(Object.keys(english).filter((key) => !keys.includes(key))).toEqual([])
    expect(keys.filter((key) => !key.startsWith(`${area}.`))).toEqual([])
  })

  test.each(locales)('is readable in %s, with the arguments of English', (locale) => {
    for (const [key, text] of Object.entries(messagesFor(area, locale))) {
      const wanted = shapeOf(parse(english[key] ?? '')).args
      const used = shapeOf(parse(text)).args
      const missing = [...wanted].filter((name) => !used.has(name))
      expect({ key, missing, extra: [...used].filter((name) => !wanted.has(name)) }).toEqual({ key, missing: [], extra: [] })
    }
  })

  test.each(locales)('has all plural forms of %s', (locale) => {
    for (const [key, text] of Object.entries(messagesFor(area, locale))) {
      for (const { kind, categories } of shapeOf(parse(text)).plurals) {
        const wanted = new Intl.PluralRules(intlTags[locale], { type: kind }).resolvedOptions().pluralCategories
        expect({ key, missing: wanted.filter((one) => !categories.includes(one)) }).toEqual({ key, missing: [] })
      }
    }
  })

  test.each(locales.filter((one) => one !== 'en'))('is translated into %s', (locale) => {
    const copies = Object.entries(messagesFor(area, locale)).filter(
      ([key, text]) => text === english[key] && hasWords(text) && !sameAsEnglish[key]?.includes(locale),
    )
    expect(copies).toEqual([])
  })

  test.each(locales)('is well written in %s', (locale) => {
    for (const [key, text] of Object.entries(messagesFor(area, locale))) {
      expect(text.trim(), key).toBe(text)
      expect(text, key).not.toBe('')
      // ICU reads a straight apostrophe before a brace as a quote and swallows the argument.
      expect(text, key).not.toMatch(/'/)
      // Letters of another script that look the same: a mistake no eye finds.
      if (locale === 'ru' || locale === 'uk') expect(text, key).not.toMatch(/\p{Script=Cyrillic}[a-z]|[a-z]\p{Script=Cyrillic}/u)
      else expect(text, key).not.toMatch(/\p{Script=Cyrillic}/u)
      if (locale === 'ru') expect(text, key).not.toMatch(/[іїєґ]/i)
      if (locale === 'uk') expect(text, key).not.toMatch(/[ыэъё]/i)
    }
  })
})

test('every refusal of the contract has its sentence', () => {
  const told = Object.keys(messagesFor('refusals', 'en')).map((key) => key.slice('refusals.'.length))
  expect(told.toSorted()).toEqual(Object.keys(refusals).toSorted())
})

test('values are filled in, by the plural of the language', () => {
  expect(format('ru', 'common.rows', { n: 21 })).toBe('21 строка')
  expect(format('ru', 'common.rows', { n: 5 })).toBe('5 строк')
  expect(format('ar', 'common.rows', { n: 2 })).toBe('صفان')
  expect(format('ar', 'common.rows', { n: 1100 })).toMatch(/^1,100/)
  expect(format('fr', 'common.stock_left', { left: 41, total: 300 })).toBe('Il en reste 41 sur 300')
})

test('a key without text is a defect', () => {
  expect(() => format('en', 'common.not_there' as WordKey)).toThrow(/no text/)
})
