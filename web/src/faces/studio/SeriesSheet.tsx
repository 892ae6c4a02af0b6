import { createSeries, myShows } from '@efir/contract/shows.ts'
import { useState } from 'react'
import { useAct } from '../../net/query.ts'
import { ProblemNote } from '../../parts/face/problem.tsx'
import { Button } from '../../ui/Button.tsx'
import { Stepper } from '../../ui/NumberInput.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { useFormats, useWords } from '../../ui/words.tsx'

const changed = [myShows] as const

/** The same show each week at the same hour of the wall clock, also across a change of summer time. */
export function SeriesSheet({
  showId,
  startsAt,
  onClose,
}: {
  readonly showId: string
  readonly startsAt: number
  readonly onClose: () => void
}) {
  const words = useWords('studio')
  const formats = useFormats()
  const [weeks, setWeeks] = useState<number | null>(4)
  const making = useAct(createSeries, { changes: changed })
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const make = async () => {
    if ((await making.run({ showId, zone, weeks: weeks ?? 1 })).ok) onClose()
  }
  return (
    <Sheet
      open
      onClose={onClose}
      title={words('studio.make_series')}
      wide="middle"
      height="content"
      footer={
        <Button kind="ink" size="l" wide busy={making.busy} onPress={() => void make()}>
          {words('studio.series_make', { n: weeks ?? 1 })}
        </Button>
      }
    >
      <div className="page-narrow">
        <p>
          {words('studio.series_text', { day: formats.date(startsAt, 'weekday'), time: formats.date(startsAt, 'time'), zone })}
        </p>
        <Stepper label={words('studio.series_weeks')} value={weeks} onChange={setWeeks} min={1} max={52} />
        <ProblemNote problem={making.problem} />
      </div>
    </Sheet>
  )
}
