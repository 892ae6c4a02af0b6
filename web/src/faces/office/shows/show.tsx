import type { Out } from '@efir/contract/act.ts'
import type { listShows } from '@efir/contract/shows.ts'
import { type DotState, StateDot } from '../../../ui/Marks.tsx'
import { useWords } from '../../../ui/words.tsx'

export type ShowRow = Out<typeof listShows>['items'][number]

const dots: Readonly<Record<ShowRow['state'], DotState>> = {
  draft: 'off',
  scheduled: 'waiting',
  live: 'live',
  paused: 'live',
  cut: 'wrong',
  ended: 'half',
  replay: 'done',
  archived: 'off',
  cancelled: 'off',
}

export function ShowMark({ state }: { readonly state: ShowRow['state'] }) {
  const words = useWords('office')
  return <StateDot state={dots[state]}>{words(`office.show_${state}`)}</StateDot>
}

export const onAir = (show: { readonly state: ShowRow['state'] }): boolean => ['live', 'paused', 'cut'].includes(show.state)

/** Its page in the office. */
export const showPlace = (show: { readonly id: string }): string => `/office/shows/${show.id}`
