import { usePlace } from '../../ui/router.tsx'
import { useWords } from '../../ui/words.tsx'
import { Products } from './home/Products.tsx'
import { Section, SitePage } from './site/SitePage.tsx'

/** All products, or those found by words. */
export function ProductsPage() {
  const words = useWords('store')
  const { query } = usePlace()
  const find = query.get('q')?.trim().slice(0, 100) ?? ''
  const category = query.get('category') ?? ''
  const shopId = query.get('shop') ?? ''
  const title = find ? words('store.found', { words: find }) : words('store.products')
  return (
    <SitePage title={title} quiet>
      <Section id="products" title={title}>
        <Products
          filter={{ ...(find ? { words: find } : {}), ...(category ? { category } : {}), ...(shopId ? { shopId } : {}) }}
        />
      </Section>
    </SitePage>
  )
}
