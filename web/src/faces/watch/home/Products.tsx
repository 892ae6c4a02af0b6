import type { In } from '@efir/contract/act.ts'
import { findProducts } from '@efir/contract/catalog.ts'
import { SearchX } from 'lucide-react'
import { usePages } from '../../../net/query.ts'
import { ProductTile } from '../../../parts/catalog/ProductTile.tsx'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { useMarket } from '../../../parts/markets/market.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { useWords } from '../../../ui/words.tsx'

type Filter = Pick<In<typeof findProducts>, 'words' | 'shopId' | 'category'>

/** Products in the chosen currency, with what can be paid here. */
export function Products({ filter = {}, limit = 24 }: { readonly filter?: Filter; readonly limit?: number }) {
  const words = useWords('store')
  const market = useMarket()
  const view = usePages(findProducts, { ...filter, limit, ...(market ? { currency: market.currency } : {}) }, { keep: true })
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  if (view.state === 'loading')
    return (
      <div className="tiles tiles-products">
        {[1, 2, 3, 4, 5, 6].map((key) => (
          <Skeleton key={key} height="280px" />
        ))}
      </div>
    )
  if (view.value.length === 0)
    return filter.words ? (
      <EmptyState
        icon={SearchX}
        title={words('store.nothing_found', { words: filter.words })}
        text={words('store.nothing_found_text')}
      />
    ) : (
      <EmptyState title={words('store.no_products')} />
    )
  return (
    <>
      <div className="tiles tiles-products">
        {view.value.map((product) => (
          <ProductTile key={product.id} product={product} />
        ))}
      </div>
      {view.more && limit > 12 ? (
        <div className="load-more">
          <Button busy={view.moreBusy} onPress={view.loadMore}>
            {words('common.load_more')}
          </Button>
        </div>
      ) : null}
    </>
  )
}
