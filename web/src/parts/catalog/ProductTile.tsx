import type { Out } from '@efir/contract/act.ts'
import { type findProducts, productPage } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { prefetch } from '../../net/query.ts'
import { Link } from '../../ui/router.tsx'
import { Price, Rating } from '../../ui/Sale.tsx'
import { useLanguage, useWords } from '../../ui/words.tsx'
import './ProductTile.css'
import { Shot } from './Shot.tsx'

export type ProductCard = Out<typeof findProducts>['items'][number]

export function ProductTile({ product }: { readonly product: ProductCard }) {
  const words = useWords('store')
  const { locale } = useLanguage()
  return (
    <Link
      to={`/product/${product.id}`}
      className="product-tile"
      onPointerEnter={() => void prefetch(productPage, { productId: product.id })}
    >
      <span className="product-tile-picture">
        <Shot
          base={product.picture?.base}
          tint={product.picture?.tint}
          alt={textIn(product.picture?.alt, locale)}
          sizes="(max-width: 620px) 46vw, 240px"
        />
      </span>
      <small>{product.brand}</small>
      <b>
        <bdi>{textIn(product.title, locale)}</bdi>
      </b>
      {product.rating ? (
        <Rating value={product.rating.average} count={words('store.reviews', { n: product.rating.count })} />
      ) : null}
      {product.price ? <Price price={product.price} size="m" /> : <span className="muted">{words('store.no_price')}</span>}
    </Link>
  )
}
