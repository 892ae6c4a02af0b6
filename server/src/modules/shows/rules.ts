import type { ShowState as ShowStateSchema } from '@efir/contract/shows.ts'
import type { Static } from 'typebox'

export type ShowState = Static<typeof ShowStateSchema>
export type ShowAct =
  | 'schedule'
  | 'unschedule'
  | 'start'
  | 'pause'
  | 'resume'
  | 'cut'
  | 'uncut'
  | 'end'
  | 'keep'
  | 'archive'
  | 'cancel'

/** The life of a show (glossary): every step that is not here is refused. */
export const showSteps: Readonly<Record<ShowAct, Partial<Record<ShowState, ShowState>>>> = {
  schedule: { draft: 'scheduled', scheduled: 'scheduled' },
  unschedule: { scheduled: 'draft' },
  start: { draft: 'live', scheduled: 'live' },
  pause: { live: 'paused' },
  resume: { paused: 'live' },
  cut: { live: 'cut', paused: 'cut' },
  uncut: { cut: 'paused' },
  end: { live: 'ended', paused: 'ended', cut: 'ended' },
  keep: { ended: 'replay' },
  archive: { ended: 'archived', replay: 'archived' },
  cancel: { draft: 'cancelled', scheduled: 'cancelled' },
}

export const nextState = (state: ShowState, act: ShowAct): ShowState | null => showSteps[act][state] ?? null
export const onAir = (state: ShowState): boolean => state === 'live' || state === 'paused' || state === 'cut'

/** A show whose publisher is gone this long is over. */
export const pausedTooLongMs = 30 * 60_000

export interface Viewer {
  readonly operator: boolean
  readonly roles: ReadonlySet<string>
}
/** Team shows and drafts are for their team; the rest may be watched by who has the link. */
export function maySee(show: { visibility: string; state: ShowState }, viewer: Viewer): boolean {
  if (viewer.operator || viewer.roles.size > 0) return true
  return show.visibility !== 'team' && show.state !== 'draft'
}

/** The same wall-clock time some weeks later in a zone, across changes of summer time. */
export function weeksLater(startMs: number, zone: string, weeks: number): number {
  const wanted = startMs + weeks * 7 * 86_400_000
  const drift = zoneOffsetMs(startMs, zone) - zoneOffsetMs(wanted, zone)
  return wanted + drift
}

function zoneOffsetMs(atMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs)
  const get = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'))
  return wall - Math.floor(atMs / 1000) * 1000
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch (problem) {
    if (problem instanceof RangeError) return false
    throw problem
  }
}
