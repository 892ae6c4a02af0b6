import type { Locale } from '@efir/contract/scalars.ts'
import { attributeText, type Say, type SpecAttribute } from '@efir/words/spec.ts'
import type { Fact } from './sheet.ts'

/** The value of a fact as one line, in the language of the page. */
export const factText = (locale: Locale, say: Say, fact: Fact): string =>
  attributeText(locale, say, fact as unknown as SpecAttribute)
