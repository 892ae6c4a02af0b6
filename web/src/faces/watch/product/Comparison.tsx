import { productPage } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { useView } from '../../../net/query.ts'
import { compareSheets } from '../../../parts/catalog/compare.ts'
import { factOf } from '../../../parts/catalog/facts.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { useMarket } from '../../../parts/markets/market.ts'
import { Link } from '../../../ui/router.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { Section } from '../site/SitePage.tsx'
import type { Product } from './shape.ts'

const wait = { when: false }

/** The product beside its relatives: only rows that differ; what a sheet does not state is left unstated. */
export function Comparison({ product }: { readonly product: Product }) {
  const words = useWords('store', 'units')
  const formats = useFormats()
  const { locale } = useLanguage()
  const market = useMarket()
  const [one, two, three] = product.related
  const others = [
    useView(productPage, { productId: one?.product.id ?? '' }, one ? {} : wait).value,
    useView(productPage, { productId: two?.product.id ?? '' }, two ? {} : wait).value,
    useView(productPage, { productId: three?.product.id ?? '' }, three ? {} : wait).value,
  ].filter((other) => other !== undefined)
  const all = [product, ...others]
  const rows = compareSheets(all.map((each) => ({ id: each.id, attributes: each.sheet.attributes })))
  const relationOf = (id: string) => product.related.find((each) => each.product.id === id)?.relation ?? ''
  const priceOf = (of: Product) => of.variantList[0]?.prices.find((price) => price.currency === market?.currency)
  if (others.length === 0) return null
  return (
    <Section id="compared" title={words('store.compared')} note={words('store.compared_note')}>
      <div className="compare" tabIndex={0} role="group" aria-label={words('store.compared_note')}>
        <table>
          <thead>
            <tr>
              <td />
              {all.map((each) => {
                const relation = relationOf(each.id)
                const price = priceOf(each)
                return (
                  <th key={each.id} scope="col">
                    <span className="compare-head">
                      <span className="compare-picture">
                        <Shot base={each.pictures[0]?.base} tint={each.pictures[0]?.tint} alt="" sizes="64px" />
                      </span>
                      <span>
                        {each.id === product.id ? (
                          <b>
                            <bdi>{textIn(each.title, locale)}</bdi>
                          </b>
                        ) : (
                          <Link to={`/product/${each.id}`} className="text-link">
                            <bdi>{textIn(each.title, locale)}</bdi>
                          </Link>
                        )}
                        {price ? <strong>{formats.price(price)}</strong> : null}
                        <small>
                          {each.id === product.id
                            ? words('store.this_one')
                            : words.has(`store.relation_${relation}`)
                              ? words(`store.relation_${relation}` as 'store.relation_rival')
                              : relation}
                        </small>
                      </span>
                    </span>
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th scope="row">{textIn(row.attribute.label, locale)}</th>
                {row.values.map((attribute, index) => {
                  const fact = attribute ? factOf(attribute, locale, words) : null
                  return (
                    <td key={all[index]?.id}>
                      {fact ? (
                        [fact.qualifier, fact.value, fact.condition].filter(Boolean).join(' ')
                      ) : (
                        <span className="muted">{words('store.not_in_sheet')}</span>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
