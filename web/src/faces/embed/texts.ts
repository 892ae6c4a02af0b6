import messages from 'virtual:embed-texts'
import type { Locale } from '@efir/contract/scalars.ts'
import { intlTags, type WordValues } from '@efir/words/areas.ts'
import { dateFormat, numberFormat, pluralRules } from '@efir/words/formats.ts'
import formatCompiled from 'use-intl/format-message/format-only'
import { type EmbedKey, keys } from './keys.ts'

const formatters = { getNumberFormat: numberFormat, getDateTimeFormat: dateFormat, getPluralRules: pluralRules }

export interface Say {
  (key: EmbedKey, values?: WordValues): string
  has(key: string): key is EmbedKey
}

export function textsIn(locale: Locale): Say {
  const own = messages[locale]
  const say = (key: EmbedKey, values?: WordValues): string => {
    const message = own[keys.indexOf(key)]
    if (typeof message === 'string') return message
    const options = { locale: intlTags[locale], formatters: formatters as never, cache: {} as never }
    return String(formatCompiled(key, message as never, (values ?? {}) as never, options))
  }
  return Object.assign(say, { has: (key: string): key is EmbedKey => (keys as readonly string[]).includes(key) })
}
