import { readFileSync } from 'node:fs'
import type { Locale } from '@efir/contract/scalars.ts'
import { IntlMessageFormat } from 'intl-messageformat'
import { type Area, intlTags, type WordKey, type WordValues } from './areas.ts'

const loaded = new Map<string, Readonly<Record<string, string>>>()
const parsed = new Map<string, IntlMessageFormat>()

/** All texts of an area in one language, in ICU MessageFormat. Read once from disk; for the server and for tests. */
export function messagesFor(area: Area, locale: Locale): Readonly<Record<string, string>> {
  const name = `${area}/${locale}`
  const known = loaded.get(name)
  if (known) return known
  const text = readFileSync(new URL(`../messages/${name}.json`, import.meta.url), 'utf8')
  const messages = JSON.parse(text) as Record<string, string>
  loaded.set(name, messages)
  return messages
}

/** One text with its values filled in. The area is the first part of the key. */
export function format(locale: Locale, key: WordKey, values: WordValues = {}): string {
  const name = `${locale} ${key}`
  let message = parsed.get(name)
  if (!message) {
    const area = key.slice(0, key.indexOf('.')) as Area
    const text = messagesFor(area, locale)[key]
    if (text === undefined) throw new Error(`no text ${key} in ${locale}`)
    message = new IntlMessageFormat(text, intlTags[locale], undefined, { ignoreTag: true })
    parsed.set(name, message)
  }
  return String(message.format(values as Record<string, string | number | Date>))
}

/** `format` bound to a language. */
export const wordsIn =
  (locale: Locale) =>
  (key: WordKey, values?: WordValues): string =>
    format(locale, key, values)
