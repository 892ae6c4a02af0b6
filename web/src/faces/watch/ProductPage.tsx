import { productPage } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { useState } from 'react'
import { useView } from '../../net/query.ts'
import { variantWith } from '../../parts/catalog/options.ts'
import { ProblemState } from '../../parts/face/problem.tsx'
import { Link, usePlace } from '../../ui/router.tsx'
import { Rating } from '../../ui/Sale.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useLanguage, useWords } from '../../ui/words.tsx'
import { BuyBox } from './product/BuyBox.tsx'
import { Comparison } from './product/Comparison.tsx'
import { Gallery } from './product/Gallery.tsx'
import { KeyFacts } from './product/KeyFacts.tsx'
import { OnAirStrip } from './product/OnAirStrip.tsx'
import { Sheet } from './product/Sheet.tsx'
import type { Product } from './product/shape.ts'
import './ProductPage.css'
import { Section, SitePage } from './site/SitePage.tsx'

export function ProductPage() {
  const words = useWords('store')
  const productId = usePlace().params.id ?? ''
  const view = useView(productPage, { productId }, { staleMs: 30_000 })
  if (view.state === 'failed')
    return (
      <SitePage title={words('store.product')} quiet>
        <ProblemState problem={view.problem} again={view.again} />
      </SitePage>
    )
  if (view.state === 'loading')
    return (
      <SitePage title={words('store.product')} quiet>
        <div className="product">
          <Skeleton height="560px" />
          <Skeleton height="420px" />
        </div>
      </SitePage>
    )
  return <OneProduct key={productId} product={view.value} />
}

function OneProduct({ product }: { readonly product: Product }) {
  const words = useWords('store')
  const { locale } = useLanguage()
  const sold = product.variantList.filter((variant) => variant.active)
  const [variantId, setVariant] = useState(sold[0]?.id)
  const variant = sold.find((one) => one.id === variantId) ?? variantWith(sold, {})
  const title = textIn(product.title, locale)
  return (
    <SitePage title={title}>
      <nav className="crumbs" aria-label={words('store.crumbs')}>
        <Link to="/products">{words('store.products')}</Link>
        <span aria-hidden="true">/</span>
        {product.category ? (
          <>
            <Link to={`/products?category=${encodeURIComponent(product.category)}`}>
              {words.has(`store.category_${product.category}`)
                ? words(`store.category_${product.category}` as 'store.category_tent')
                : product.category}
            </Link>
            <span aria-hidden="true">/</span>
          </>
        ) : null}
        <span aria-current="page">
          <bdi>{title}</bdi>
        </span>
      </nav>
      <div className="product">
        <Gallery pictures={product.pictures} variantId={variant?.id} title={title} />
        <div className="product-side">
          <header>
            <p className="muted">{product.brand}</p>
            <h1>
              <bdi>{title}</bdi>
            </h1>
            {product.rating ? (
              <Rating value={product.rating.average} count={words('store.reviews', { n: product.rating.count })} />
            ) : null}
          </header>
          <OnAirStrip product={product} />
          <BuyBox product={product} variant={variant} variants={sold} onChoose={setVariant} />
          <KeyFacts product={product} />
        </div>
      </div>
      {textIn(product.about, locale) ? (
        <Section id="about" title={words('store.about')}>
          <p className="product-about">
            <bdi>{textIn(product.about, locale)}</bdi>
          </p>
        </Section>
      ) : null}
      {product.sheet.attributes.length > 0 ? <Sheet sheet={product.sheet} /> : null}
      {product.related.length > 0 ? <Comparison product={product} /> : null}
    </SitePage>
  )
}
