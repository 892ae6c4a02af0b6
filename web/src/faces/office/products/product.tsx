import type { Out } from '@efir/contract/act.ts'
import type { productEditor, shopProducts } from '@efir/contract/catalog.ts'
import { type Locale, type LocalText, locales } from '@efir/contract/scalars.ts'
import { type DotState, StateDot } from '../../../ui/Marks.tsx'
import { useWords } from '../../../ui/words.tsx'

export type ProductRow = Out<typeof shopProducts>['items'][number]
export type ProductView = Out<typeof productEditor>

const dots: Readonly<Record<ProductRow['state'], DotState>> = { draft: 'waiting', published: 'done', archived: 'off' }

export function ProductMark({ state }: { readonly state: ProductRow['state'] }) {
  const words = useWords('office')
  return <StateDot state={dots[state]}>{words(`office.product_${state}`)}</StateDot>
}

/** Languages in which nothing is said are left out. Undefined when nothing is said at all. */
export function saidTexts(text: LocalText): LocalText | undefined {
  const said = locales.flatMap((locale) => (text[locale]?.trim() ? [[locale, text[locale]?.trim()] as const] : []))
  return said.length > 0 ? (Object.fromEntries(said) as LocalText) : undefined
}

export const says = (text: LocalText | undefined, locale: Locale): boolean => Boolean(text?.[locale]?.trim())
