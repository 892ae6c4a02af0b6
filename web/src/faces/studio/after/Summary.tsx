import { type Money, plus, zero } from '@efir/contract/money.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { duplicateShow, myShows } from '@efir/contract/shows.ts'
import { Copy, Play } from 'lucide-react'
import { useAct } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { OfflineBanner, ProblemNote } from '../../../parts/face/problem.tsx'
import type { DeskLot } from '../../../parts/studio/thumb.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Stat, Stats, Tag } from '../../../ui/Marks.tsx'
import { go } from '../../../ui/router.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { Page } from '../Page.tsx'
import './Summary.css'

/** Currencies never mix: one sum for each. */
export function takingsOf(lots: readonly Pick<DeskLot, 'takings'>[]): Money[] {
  const sums = new Map<string, Money>()
  for (const { takings } of lots) sums.set(takings.currency, plus(sums.get(takings.currency) ?? zero(takings.currency), takings))
  return [...sums.values()]
}

const changed = [myShows] as const

/** What the show came to, in numbers; the replay and the next one. */
export function Summary({ desk }: { readonly desk: Desk }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const copying = useAct(duplicateShow, { changes: changed })
  const { show, lots } = desk
  if (!show) return null
  const lasted = show.startedAt !== undefined && show.endedAt !== undefined ? show.endedAt - show.startedAt : 0
  const sold = lots.reduce((sum, lot) => sum + lot.sold, 0)
  const paying = lots.reduce((sum, lot) => sum + lot.paying, 0)
  const takings = takingsOf(lots)
  const again = async () => {
    const answer = await copying.run({ showId: show.id })
    if (answer.ok) go(`/studio/show/${answer.value.id}`)
  }
  return (
    <Page>
      <OfflineBanner />
      <div className="page-head-row">
        <h1>
          <bdi>{textIn(show.title, locale)}</bdi>
        </h1>
        <Tag outline>{words(`studio.state_${show.state as 'ended'}`)}</Tag>
      </div>
      {desk.lotsReady ? (
        <Stats>
          <Stat
            label={words('studio.sold_total')}
            value={formats.number(sold)}
            note={paying > 0 ? words('studio.still_paying', { n: paying }) : undefined}
          />
          <Stat
            label={words('studio.takings')}
            value={
              takings.length === 0 ? formats.money(zero(show.currency)) : takings.map((one) => formats.money(one)).join(' + ')
            }
          />
          <Stat label={words('studio.viewers_peak')} value={formats.number(show.viewers)} />
          <Stat label={words('studio.lasted')} value={formats.duration(lasted)} />
        </Stats>
      ) : (
        <Skeleton height="52px" />
      )}
      {show.state === 'ended' && show.visibility !== 'team' ? <Banner>{words('studio.replay_coming')}</Banner> : null}
      <div className="plan-add">
        {show.state === 'replay' ? (
          <Button kind="ink" icon={Play} to={`/show/${show.id}`}>
            {words('studio.watch_replay')}
          </Button>
        ) : null}
        <Button icon={Copy} busy={copying.busy} onPress={() => void again()}>
          {words('studio.duplicate')}
        </Button>
      </div>
      <ProblemNote problem={copying.problem ?? desk.lotsProblem} />
      <ul className="summary-lots" aria-label={words('studio.lots')}>
        {lots.map((lot) => (
          <li key={lot.id}>
            <Shot base={lot.picture} alt="" sizes="48px" className="summary-shot" />
            <span className="plan-text">
              <b className="ellipsis">
                <bdi>{textIn(lot.title, locale)}</bdi>
              </b>
              <small className="muted">
                {words('studio.sold_of', { sold: formats.number(lot.sold), quota: formats.number(lot.quota) })}
              </small>
            </span>
            <b>{formats.money(lot.takings)}</b>
          </li>
        ))}
      </ul>
    </Page>
  )
}
