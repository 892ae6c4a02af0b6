import { productEditor, publishProduct, shopProducts } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { ExternalLink } from 'lucide-react'
import { Suspense } from 'react'
import { useAct, usePages, useView } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { useMedia } from '../../../ui/media-query.ts'
import { Link, usePlace } from '../../../ui/router.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { lazyPart, TabWaiting } from '../frame/lazy-part.tsx'
import { manages, useShop } from '../frame/shop.ts'
import { ProductMark, type ProductView } from './product.tsx'
import './Product.css'

const TextsTab = lazyPart(() => import('./TextsTab.tsx'), 'TextsTab')
const VariantsTab = lazyPart(() => import('./VariantsTab.tsx'), 'VariantsTab')
const PicturesTab = lazyPart(() => import('./PicturesTab.tsx'), 'PicturesTab')
const SheetTab = lazyPart(() => import('./SheetTab.tsx'), 'SheetTab')
const RelatedTab = lazyPart(() => import('./RelatedTab.tsx'), 'RelatedTab')

const tabs = ['texts', 'variants', 'pictures', 'sheet', 'related'] as const
type TabId = (typeof tabs)[number]

export function ProductPage() {
  const { params } = usePlace()
  const productId = params.productId ?? ''
  const view = useView(productEditor, { productId })
  const beside = useMedia('(min-width: 1280px)')
  return (
    <div className="product-page">
      {beside ? <OtherProducts at={productId} /> : null}
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {view.state === 'loading' ? (
        <div className="office-body" aria-busy="true">
          <Skeleton width="280px" height="28px" />
          <Skeleton height="400px" />
        </div>
      ) : null}
      {view.state === 'ready' ? <Editor key={productId} product={view.value} /> : null}
    </div>
  )
}

/** From product to product without the way back through the list. */
function OtherProducts({ at }: { readonly at: string }) {
  const words = useWords('office')
  const { locale } = useLanguage()
  const shop = useShop()
  const list = usePages(shopProducts, { shopId: shop.id, limit: 100 })
  return (
    <nav className="product-others" aria-label={words('office.products')}>
      <ul>
        {(list.value ?? []).map((row) => (
          <li key={row.id}>
            <Link
              to={`/office/products/${row.id}${location.search}`}
              className="product-other"
              aria-current={row.id === at ? 'page' : undefined}
            >
              <Shot base={row.picture?.base} tint={row.picture?.tint} alt="" sizes="28px" />
              <bdi className="ellipsis">{textIn(row.title, locale)}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const changed = [productEditor, shopProducts] as const

function Editor({ product }: { readonly product: ProductView }) {
  const words = useWords('office', 'refusals')
  const { locale } = useLanguage()
  const { query, path } = usePlace()
  const mine = manages(useShop())
  const at = tabs.find((one) => one === query.get('tab')) ?? 'texts'
  const publishing = useAct(publishProduct, { changes: changed })
  const publish = (state: ProductView['state']) => void publishing.run({ productId: product.id, state })
  const counts: Readonly<Record<TabId, number | undefined>> = {
    texts: undefined,
    variants: product.variantList.filter((one) => one.active).length,
    pictures: product.pictures.length,
    sheet: product.sheet.attributes.length,
    related: product.related.length,
  }
  return (
    <div className="office-page">
      <PageHeader
        crumb={<Link to="/office/products">{words('office.products')}</Link>}
        title={<bdi>{textIn(product.title, locale)}</bdi>}
        tag={
          <>
            <ProductMark state={product.state} />
            {product.demo ? <Tag outline>{words('common.demo')}</Tag> : null}
          </>
        }
        actions={
          <>
            {product.state === 'published' ? (
              <Button size="s" kind="ghost" icon={ExternalLink} href={`/product/${product.id}`}>
                {words('office.see_in_shop')}
              </Button>
            ) : null}
            {mine && product.state !== 'archived' ? (
              <Button size="s" kind="ghost" busy={publishing.busy} onPress={() => publish('archived')}>
                {words('office.archive')}
              </Button>
            ) : null}
            {mine && product.state === 'published' ? (
              <Button size="s" busy={publishing.busy} onPress={() => publish('draft')}>
                {words('office.hide')}
              </Button>
            ) : null}
            {mine && product.state !== 'published' ? (
              <Button size="s" kind="ink" busy={publishing.busy} onPress={() => publish('published')}>
                {words('office.publish')}
              </Button>
            ) : null}
          </>
        }
      />
      <Tabs
        label={words('office.parts_of_product')}
        at={at}
        tabs={tabs.map((id) => ({
          id,
          label: words(`office.tab_${id}`),
          count: counts[id],
          to: id === 'texts' ? path : `${path}?tab=${id}`,
        }))}
      />
      {publishing.problem ? (
        <div className="office-note">
          <ProblemNote problem={publishing.problem} />
        </div>
      ) : null}
      <Suspense fallback={<TabWaiting />}>
        {at === 'texts' ? <TextsTab product={product} mine={mine} /> : null}
        {at === 'variants' ? <VariantsTab product={product} mine={mine} /> : null}
        {at === 'pictures' ? <PicturesTab product={product} mine={mine} /> : null}
        {at === 'sheet' ? <SheetTab product={product} mine={mine} /> : null}
        {at === 'related' ? <RelatedTab product={product} mine={mine} /> : null}
      </Suspense>
    </div>
  )
}
