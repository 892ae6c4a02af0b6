import type { Out } from '@efir/contract/act.ts'
import type { productPage } from '@efir/contract/catalog.ts'
import { type Locale, textIn } from '@efir/contract/scalars.ts'
import { attributeText, type Say, type SpecQuantity, type SpecAttribute as Spoken, specParts } from '@efir/words/spec.ts'

export type Attribute = Out<typeof productPage>['sheet']['attributes'][number]

export interface Fact {
  readonly key: string
  readonly label: string
  readonly qualifier: string
  readonly value: string
  readonly condition: string
}

const isQuantity = (attribute: Attribute): boolean => attribute.type === 'quantity' || attribute.type === 'range'

/** Minus signs and ranges stand to the left of their numbers also in Arabic (UAX 9: isolates). */
const isolated = (locale: Locale, text: string): string =>
  locale === 'ar'
    ? text.replace(/\u2212?\d[\d.,]*(?:\u2013\u2212?\d[\d.,]*)?/g, (numbers) =>
        /[\u2212\u2013]/.test(numbers) ? `\u2066${numbers}\u2069` : numbers,
      )
    : text

export function factOf(attribute: Attribute, locale: Locale, say: Say): Fact {
  const label = textIn(attribute.label, locale)
  if (isQuantity(attribute)) {
    const parts = specParts(locale, say, attribute as unknown as SpecQuantity)
    return { key: attribute.key, label, ...parts, value: isolated(locale, parts.value) }
  }
  return {
    key: attribute.key,
    label,
    qualifier: '',
    value: attributeText(locale, say, attribute as unknown as Spoken),
    condition: '',
  }
}

/** Figures with a unit first, one of each family: what fits into a row. */
export function keyFacts(attributes: readonly Attribute[], locale: Locale, say: Say, most: number): readonly Fact[] {
  const families = new Set<string>()
  const figures = attributes.filter((attribute) => {
    if (!isQuantity(attribute) || attribute.unit === undefined) return false
    const family = attribute.family ?? attribute.key
    if (families.has(family)) return false
    families.add(family)
    return true
  })
  return figures.slice(0, most).map((attribute) => factOf(attribute, locale, say))
}
