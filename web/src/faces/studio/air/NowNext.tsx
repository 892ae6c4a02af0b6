import { timecode } from '@efir/words/formats.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Air } from './air.ts'
import './NowNext.css'

/** Up to half a minute nobody is early or late. */
const onTimeMs = 30_000

export function Lateness({ lateMs }: { readonly lateMs: number }) {
  const words = useWords('studio')
  if (Math.abs(lateMs) < onTimeMs) return <span className="muted">{words('studio.on_time')}</span>
  const time = timecode(Math.abs(lateMs))
  return <span className={lateMs > 0 ? 'late' : 'muted'}>{words(lateMs > 0 ? 'studio.behind' : 'studio.ahead', { time })}</span>
}

/** The plan in two lines: what is on, and what comes when. A tap opens all of it. */
export function NowNext({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { plan } = air
  if (plan.of === 0) return null
  return (
    <button type="button" className="glass now-next" onClick={() => air.show('plan')}>
      <span>
        <span className="hidden-text">{words('studio.open_plan')}</span>
        <small>
          {plan.now ? words('studio.now_of', { number: plan.number, of: plan.of }) : words('studio.not_begun')}
          {plan.now ? <Lateness lateMs={plan.lateMs} /> : null}
        </small>
        <b className="ellipsis">
          <bdi>{plan.now?.title ?? '–'}</bdi>
        </b>
      </span>
      <span>
        <small>
          {words('common.next')}
          {plan.nextAt === null ? null : <span>{formats.date(plan.nextAt, 'time')}</span>}
        </small>
        <b className="ellipsis">
          <bdi>{plan.next?.title ?? words('studio.plan_end')}</bdi>
        </b>
      </span>
    </button>
  )
}
