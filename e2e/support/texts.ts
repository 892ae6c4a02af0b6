import type { Locale } from '@efir/contract/scalars.ts'
import type { Area, WordValues } from '@efir/words/areas.ts'
import { format, messagesFor } from '@efir/words/words.ts'

/** What the page says for a key, so that a story names meanings and not wordings. */
export const said =
  (locale: Locale) =>
  (key: string, values: WordValues = {}): string =>
    key in messagesFor(key.slice(0, key.indexOf('.')) as Area, locale) ? format(locale, key as 'common.save', values) : key

/** The same with anything in the place of values that the story does not know. */
export function saying(locale: Locale, key: string): RegExp {
  const text = messagesFor(key.slice(0, key.indexOf('.')) as Area, locale)[key] ?? key
  const parts = text.replace(/<[^>]+>/g, '').split(/\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/)
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))
}
