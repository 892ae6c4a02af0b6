import { shopPage } from '@efir/contract/identity.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { storefront } from '@efir/contract/shows.ts'
import { useView } from '../../net/query.ts'
import { ProblemState } from '../../parts/face/problem.tsx'
import { LiveTile, ReplayCard, SoonCard } from '../../parts/shows/Cards.tsx'
import { imageUrl } from '../../parts/shows/cover.ts'
import { Avatar, Tag } from '../../ui/Marks.tsx'
import { usePlace } from '../../ui/router.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import { Products } from './home/Products.tsx'
import './ShopPage.css'
import { Section, SitePage } from './site/SitePage.tsx'

export function ShopPage() {
  const words = useWords('store')
  const formats = useFormats()
  const { locale } = useLanguage()
  const slug = usePlace().params.slug ?? ''
  const view = useView(shopPage, { slug })
  const shop = view.value
  const front = useView(storefront, shop ? { shopId: shop.id } : {}, { when: shop !== undefined }).value
  if (view.state === 'failed')
    return (
      <SitePage title={words('store.shop')} quiet>
        <ProblemState problem={view.problem} again={view.again} />
      </SitePage>
    )
  if (!shop)
    return (
      <SitePage title={words('store.shop')} quiet>
        <Skeleton height="96px" />
        <Skeleton height="400px" />
      </SitePage>
    )
  return (
    <SitePage title={shop.name}>
      <header className="shop-head">
        <Avatar name={shop.name} src={imageUrl(shop.logo, 160)} size={72} square />
        <div>
          <h1>
            <bdi>{shop.name}</bdi> {shop.demo ? <Tag>{words('common.demo')}</Tag> : null}
          </h1>
          <p className="muted">
            <bdi>{textIn(shop.about, locale)}</bdi>
          </p>
          <p className="muted small">
            {[
              formats.country(shop.country),
              shop.settings.returnDays ? words('store.return_days', { n: shop.settings.returnDays }) : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
      </header>
      {front && front.live.length > 0 ? (
        <Section id="on-air" title={words('store.on_air')}>
          <div className="tiles tiles-live">
            {front.live.map((show) => (
              <LiveTile key={show.id} show={show} />
            ))}
          </div>
        </Section>
      ) : null}
      {front && front.soon.length > 0 ? (
        <Section id="soon" title={words('store.soon')}>
          <div className="tiles">
            {front.soon.map((show) => (
              <SoonCard key={show.id} show={show} />
            ))}
          </div>
        </Section>
      ) : null}
      <Section id="products" title={words('store.products')}>
        <Products filter={{ shopId: shop.id }} />
      </Section>
      {front && front.replays.length > 0 ? (
        <Section id="replays" title={words('store.replays')}>
          <div className="tiles">
            {front.replays.map((show) => (
              <ReplayCard key={show.id} show={show} />
            ))}
          </div>
        </Section>
      ) : null}
    </SitePage>
  )
}
