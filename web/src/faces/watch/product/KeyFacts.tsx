import { keyFacts } from '../../../parts/catalog/facts.ts'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import type { Product } from './shape.ts'

const most = 6

/** The figures of the sheet that are asked for most, beside the price; the whole sheet stands below. */
export function KeyFacts({ product }: { readonly product: Product }) {
  const words = useWords('units', 'store')
  const { locale } = useLanguage()
  const facts = keyFacts(product.sheet.attributes, locale, words, most)
  if (facts.length < 2) return null
  return (
    <dl className="key-facts" aria-label={words('store.sheet')}>
      {facts.map((fact) => (
        <div key={fact.key}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
          <dd className="key-facts-note">{[fact.qualifier, fact.condition].filter(Boolean).join(' ')}</dd>
        </div>
      ))}
    </dl>
  )
}
