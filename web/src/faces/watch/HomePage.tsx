import type { Out } from '@efir/contract/act.ts'
import { storefront } from '@efir/contract/shows.ts'
import { Radio } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useView } from '../../net/query.ts'
import { ProblemState } from '../../parts/face/problem.tsx'
import { HostCard, LiveTile, ReplayCard, type Show, SoonCard } from '../../parts/shows/Cards.tsx'
import { RadioGroup } from '../../ui/Choice.tsx'
import { Link } from '../../ui/router.tsx'
import { EmptyState, Skeleton } from '../../ui/State.tsx'
import { useFormats, useWords } from '../../ui/words.tsx'
import './HomePage.css'
import { Hero } from './home/Hero.tsx'
import { Products } from './home/Products.tsx'
import { Section, SitePage } from './site/SitePage.tsx'

const DemoNotice = lazy(async () => ({ default: (await import('../../parts/identity/DemoNotice.tsx')).DemoNotice }))

const refreshMs = 15_000

export function HomePage() {
  const words = useWords('store', 'watch')
  const view = useView(storefront, {}, { everyMs: refreshMs })
  if (view.state === 'failed')
    return (
      <SitePage title="Efir" quiet>
        <ProblemState problem={view.problem} again={view.again} />
      </SitePage>
    )
  const front = view.value
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? ''
  return (
    <SitePage title="">
      <h1 className="hidden-text">{words('store.home_title')}</h1>
      {isDemo(front) ? (
        <Suspense fallback={<Skeleton height="48px" />}>
          <DemoNotice />
        </Suspense>
      ) : null}
      <Section
        id="on-air"
        title={words('store.on_air')}
        note={front && front.live.length > 0 ? words('store.shows_count', { n: front.live.length }) : null}
      >
        {!front ? (
          <HeroSkeleton />
        ) : front.live.length === 0 ? (
          <NothingLive next={front.soon[0]} />
        ) : (
          <OnAirNow live={front.live} />
        )}
      </Section>
      {!front || front.soon.length > 0 ? (
        <Section id="soon" title={words('store.soon')} note={words('store.your_time', { zone })}>
          <div className="tiles">
            {front ? (
              firstOfSeries(front.soon)
                .slice(0, 8)
                .map((show) => <SoonCard key={show.id} show={show} />)
            ) : (
              <TileSkeletons height="196px" />
            )}
          </div>
        </Section>
      ) : null}
      {!front || front.replays.length > 0 ? <Replays shows={front?.replays ?? null} /> : null}
      <Section
        id="products"
        title={words('store.products')}
        end={
          <Link to="/products" className="text-link">
            {words('store.all')}
          </Link>
        }
      >
        <Products limit={12} />
      </Section>
      {!front || front.hosts.length > 0 ? (
        <Section id="hosts" title={words('store.hosts')}>
          <div className="tiles tiles-hosts">
            {front ? front.hosts.map((host) => <HostCard key={host.id} host={host} />) : <TileSkeletons height="220px" />}
          </div>
        </Section>
      ) : null}
    </SitePage>
  )
}

const isDemo = (front: Out<typeof storefront> | undefined): boolean =>
  front !== undefined && [...front.live, ...front.soon, ...front.replays].some((show) => show.demo)

/** A weekly show is announced once, by its next evening. */
const firstOfSeries = (shows: readonly Show[]): readonly Show[] =>
  shows.filter((show, index) => show.seriesId === undefined || shows.findIndex((one) => one.seriesId === show.seriesId) === index)

function OnAirNow({ live }: { readonly live: readonly Show[] }) {
  const [first, ...others] = live
  if (!first) return null
  return (
    <div className={others.length > 0 ? 'on-air' : 'on-air on-air-one'}>
      <Hero show={first} />
      {others.slice(0, 6).map((show) => (
        <LiveTile key={show.id} show={show} />
      ))}
    </div>
  )
}

function Replays({ shows }: { readonly shows: readonly Show[] | null }) {
  const words = useWords('store')
  const [topic, setTopic] = useState('')
  const topics = [...new Set((shows ?? []).map((show) => show.topic).filter(Boolean))]
  const topicName = (name: string) =>
    words.has(`store.topic_${name}`) ? words(`store.topic_${name}` as 'store.topic_home') : name
  return (
    <Section id="replays" title={words('store.replays')} note={words('store.replays_note')}>
      {topics.length > 1 ? (
        <RadioGroup
          label={words('store.topic')}
          hideLabel
          look="chips"
          value={topic}
          onChange={setTopic}
          options={[{ value: '', label: words('common.all') }, ...topics.map((one) => ({ value: one, label: topicName(one) }))]}
        />
      ) : null}
      <div className="tiles">
        {shows ? (
          shows.filter((show) => topic === '' || show.topic === topic).map((show) => <ReplayCard key={show.id} show={show} />)
        ) : (
          <TileSkeletons height="210px" />
        )}
      </div>
    </Section>
  )
}

function NothingLive({ next }: { readonly next: Show | undefined }) {
  const words = useWords('store')
  const formats = useFormats()
  return (
    <div className="nothing-live">
      <EmptyState
        icon={Radio}
        title={words('store.nothing_live')}
        text={
          next?.startsAt
            ? words('store.next_show', { time: formats.date(next.startsAt, 'dateTime') })
            : words('store.nothing_planned')
        }
      />
    </div>
  )
}

const TileSkeletons = ({ height }: { readonly height: string }) =>
  [1, 2, 3, 4].map((key) => <Skeleton key={key} height={height} />)
const HeroSkeleton = () => (
  <div className="hero-waiting">
    <Skeleton height="100%" />
  </div>
)
