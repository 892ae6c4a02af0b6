import { productEditor, relateProduct, shopProducts } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { IconButton } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { Link } from '../../../ui/router.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import type { ProductRow, ProductView } from './product.tsx'
import { SaveBar } from './SaveBar.tsx'
import { useDraft } from './use-draft.ts'

const relations = ['predecessor', 'successor', 'rival', 'accessory', 'bundle', 'sibling'] as const
type Relation = (typeof relations)[number]
interface Draft {
  readonly relation: Relation
  readonly product: Pick<ProductRow, 'id' | 'title' | 'picture'>
}
const changed = [productEditor] as const

const draftOf = (product: ProductView): Draft[] =>
  product.related.map(({ relation, product: { id, title, picture } }) => ({
    relation: relations.find((one) => one === relation) ?? 'sibling',
    product: { id, title, picture },
  }))

/** The other product is the … of this one. */
export function RelatedTab({ product, mine }: { readonly product: ProductView; readonly mine: boolean }) {
  const words = useWords('office', 'refusals')
  const { locale } = useLanguage()
  const shop = useShop()
  const [search, setSearch] = useState('')
  const { draft, set, dirty, reset } = useDraft(draftOf(product))
  const saving = useAct(relateProduct, { changes: changed })
  const found = useView(
    shopProducts,
    { shopId: shop.id, limit: 20, ...(search.trim() ? { words: search.trim() } : {}) },
    { keep: true },
  )
  const taken = new Set([product.id, ...draft.map((one) => one.product.id)])
  const options = (found.value?.items ?? []).filter((one) => !taken.has(one.id))
  return (
    <form
      className="office-rows"
      onSubmit={(event) => {
        event.preventDefault()
        void saving.run({
          productId: product.id,
          related: draft.map(({ relation, product: other }) => ({ relation, otherId: other.id })),
        })
      }}
    >
      <fieldset className="office-body office-body-narrow" disabled={!mine}>
        {draft.length === 0 ? <EmptyState title={words('office.no_related')} text={words('office.no_related_text')} /> : null}
        <ul className="related">
          {draft.map((one, index) => (
            <li key={one.product.id} className="related-row">
              <Shot base={one.product.picture?.base} tint={one.product.picture?.tint} alt="" sizes="40px" />
              <Link className="row-link ellipsis" to={`/office/products/${one.product.id}`}>
                <bdi>{textIn(one.product.title, locale)}</bdi>
              </Link>
              <Select<Relation>
                size="s"
                hideLabel
                label={words('office.relation')}
                value={one.relation}
                onChange={(relation) => set(draft.map((other, at) => (at === index ? { ...other, relation } : other)))}
                options={relations.map((value) => ({ value, label: words(`office.relation_${value}`) }))}
              />
              <IconButton
                size="s"
                icon={Trash2}
                label={words('common.remove')}
                onPress={() => set(draft.filter((other) => other !== one))}
              />
            </li>
          ))}
        </ul>
        {mine ? (
          <>
            <Combobox
              key={draft.length}
              label={words('office.add_related')}
              placeholder={words('office.search_products')}
              value={null}
              onSearch={setSearch}
              options={options.map((one) => ({ id: one.id, label: textIn(one.title, locale), note: one.brand }))}
              onChange={(id) => {
                const other = options.find((one) => one.id === id)
                if (other)
                  set([...draft, { relation: 'sibling', product: { id: other.id, title: other.title, picture: other.picture } }])
              }}
            />
            <SaveBar dirty={dirty} busy={saving.busy} problem={saving.problem} onReset={reset} />
          </>
        ) : null}
      </fieldset>
    </form>
  )
}
