import { intlTags } from '@efir/words/areas.ts'
import { listFormat } from '@efir/words/formats.ts'
import { useLanguage, useWords } from '../../ui/words.tsx'
import type { Options } from './options.ts'

/** Option names and values in the page's language where it knows them; a shop's own are said as written. */
export function useOptionWords() {
  const words = useWords('store')
  const { locale } = useLanguage()
  const nameOf = (name: string) =>
    words.has(`store.option_${name}`) ? words(`store.option_${name}` as 'store.option_colour') : name
  const textOfValue = (value: string) =>
    words.has(`store.colour_${value}`) ? words(`store.colour_${value}` as 'store.colour_black') : value
  const textOf = (options: Options) =>
    listFormat(intlTags[locale], { type: 'unit', style: 'narrow' }).format(Object.values(options).map(textOfValue))
  return { nameOf, textOfValue, textOf }
}
