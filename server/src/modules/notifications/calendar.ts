import { createEvent } from 'ics'

/** A calendar file (RFC 5545) for a show. */
export function calendarFile(show: { id: string; title: string; startsAt: number; minutes: number; url: string }): string {
  const { error, value } = createEvent({
    uid: `${show.id}@efir`,
    title: show.title,
    start: show.startsAt,
    startInputType: 'utc',
    duration: { minutes: show.minutes },
    url: show.url,
    productId: 'efir',
    alarms: [{ action: 'display', description: show.title, trigger: { minutes: 10, before: true } }],
  })
  if (error || !value) throw error ?? new Error('defect: a calendar file without a value')
  return value
}
