import { factOf } from '../../../parts/catalog/facts.ts'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { Section } from '../site/SitePage.tsx'
import type { Product } from './shape.ts'

/** The typed sheet in words: qualifier before the value, condition after it. */
export function Sheet({ sheet }: { readonly sheet: Product['sheet'] }) {
  const words = useWords('store', 'units')
  const formats = useFormats()
  const { locale } = useLanguage()
  return (
    <Section
      id="sheet"
      title={words('store.sheet')}
      note={
        sheet.writtenAt
          ? words('store.sheet_version', { version: sheet.version, date: formats.date(sheet.writtenAt, 'date') })
          : null
      }
    >
      <dl className="sheet-rows">
        {sheet.attributes.map((attribute) => {
          const fact = factOf(attribute, locale, words)
          return (
            <div key={attribute.key}>
              <dt>{fact.label}</dt>
              <dd>
                {fact.qualifier ? <small>{fact.qualifier} </small> : null}
                <b>{fact.value}</b>
                {fact.condition ? <small> {fact.condition}</small> : null}
              </dd>
            </div>
          )
        })}
      </dl>
    </Section>
  )
}
