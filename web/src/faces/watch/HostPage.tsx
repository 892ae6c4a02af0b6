import { textIn } from '@efir/contract/scalars.ts'
import { followHost, hostPage, storefront } from '@efir/contract/shows.ts'
import { useAct, useView } from '../../net/query.ts'
import { ProblemState } from '../../parts/face/problem.tsx'
import { LiveTile, languagesLine, ReplayCard, SoonCard } from '../../parts/shows/Cards.tsx'
import { imageUrl } from '../../parts/shows/cover.ts'
import { Button } from '../../ui/Button.tsx'
import { Avatar } from '../../ui/Marks.tsx'
import { usePlace } from '../../ui/router.tsx'
import { EmptyState, Skeleton } from '../../ui/State.tsx'
import { useLanguage, useWords } from '../../ui/words.tsx'
import './ShopPage.css'
import { Section, SitePage } from './site/SitePage.tsx'

const changes = [hostPage, storefront]

export function HostPage() {
  const words = useWords('store')
  const { locale } = useLanguage()
  const hostId = usePlace().params.id ?? ''
  const view = useView(hostPage, { hostId })
  const follow = useAct(followHost, { changes })
  if (view.state === 'failed')
    return (
      <SitePage title={words('store.hosts')} quiet>
        <ProblemState problem={view.problem} again={view.again} />
      </SitePage>
    )
  if (view.state === 'loading')
    return (
      <SitePage title={words('store.hosts')} quiet>
        <Skeleton height="96px" />
        <Skeleton height="400px" />
      </SitePage>
    )
  const { host, shows } = view.value
  const live = shows.filter((show) => show.state === 'live' || show.state === 'paused')
  const soon = shows.filter((show) => show.state === 'scheduled')
  const replays = shows.filter((show) => show.state === 'replay')
  return (
    <SitePage title={host.name}>
      <header className="shop-head">
        <Avatar name={host.name} src={imageUrl(host.picture, 160)} size={72} />
        <div>
          <h1>
            <bdi>{host.name}</bdi>
          </h1>
          <p className="muted">
            <bdi>{textIn(host.bio, locale)}</bdi>
          </p>
          <p className="muted small">
            {languagesLine(host.languages)} · {words('store.followers', { n: host.followers })}
          </p>
        </div>
        <Button
          kind={host.following ? 'soft' : 'ink'}
          busy={follow.busy}
          pressed={host.following}
          onPress={() => void follow.run({ hostId, on: !host.following })}
        >
          {words(host.following ? 'store.following' : 'store.follow')}
        </Button>
      </header>
      {shows.length === 0 ? <EmptyState title={words('store.no_shows')} /> : null}
      {live.length > 0 ? (
        <Section id="on-air" title={words('store.on_air')}>
          <div className="tiles tiles-live">
            {live.map((show) => (
              <LiveTile key={show.id} show={show} />
            ))}
          </div>
        </Section>
      ) : null}
      {soon.length > 0 ? (
        <Section id="soon" title={words('store.soon')}>
          <div className="tiles">
            {soon.map((show) => (
              <SoonCard key={show.id} show={show} />
            ))}
          </div>
        </Section>
      ) : null}
      {replays.length > 0 ? (
        <Section id="replays" title={words('store.replays')}>
          <div className="tiles">
            {replays.map((show) => (
              <ReplayCard key={show.id} show={show} />
            ))}
          </div>
        </Section>
      ) : null}
    </SitePage>
  )
}
