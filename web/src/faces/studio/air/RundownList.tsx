import { timecode } from '@efir/words/formats.ts'
import { Check } from 'lucide-react'
import { cx } from '../../../ui/cx.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Air } from './air.ts'

/** Done with what it took, on with how far it is, coming with when it begins as things go. */
export function RundownList({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { desk, plan } = air
  if (desk.items.length === 0) return <p className="muted">{words('studio.plan_empty')}</p>
  return (
    <ol className="rundown">
      {desk.items.map((item, index) => {
        const now = plan.now?.id === item.id
        const done = item.startedAt !== undefined && !now
        const plannedMs = item.plannedSeconds * 1000
        const took = item.startedAt !== undefined && item.endedAt !== undefined ? item.endedAt - item.startedAt : 0
        return (
          <li
            key={item.id}
            className={cx(now && 'rundown-now', !now && !done && 'rundown-next')}
            aria-current={now ? 'step' : undefined}
          >
            <span>{done ? <Check size={14} aria-label={words('common.done')} /> : index + 1}</span>
            <b className="ellipsis">
              <bdi>{item.title}</bdi>
            </b>
            <span className="muted">{now ? words('studio.of_time', { time: timecode(plannedMs) }) : timecode(plannedMs)}</span>
            <span className="rundown-time">
              {done ? (
                timecode(took)
              ) : now ? (
                <b>{timecode(plan.elapsedMs)}</b>
              ) : (
                formats.date(plan.startsAt.get(item.id) ?? 0, 'time')
              )}
            </span>
            {now ? (
              <span className="rundown-bar" aria-hidden="true">
                <i style={{ inlineSize: `${plannedMs > 0 ? Math.min(100, (plan.elapsedMs / plannedMs) * 100) : 0}%` }} />
              </span>
            ) : null}
          </li>
        )
      })}
    </ol>
  )
}
