import type { Locale } from '@efir/contract/scalars.ts'
import { intlTags } from '@efir/words/areas.ts'
import { listFormat } from '@efir/words/formats.ts'
import { type Say, valueText } from '@efir/words/spec.ts'

/** Graphite, M: the values of a variant as one line, in words where there are some. */
export const optionsText = (options: Readonly<Record<string, string>>, locale: Locale, say: Say): string =>
  listFormat(intlTags[locale], { type: 'unit', style: 'short' }).format(
    Object.values(options).map((value) => valueText(say, value)),
  )
