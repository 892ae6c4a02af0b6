import { textIn } from '@efir/contract/scalars.ts'
import { remindMe, showPage } from '@efir/contract/shows.ts'
import { countdown } from '@efir/words/formats.ts'
import { Bell, Check } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useNow } from '../../../ui/clock.ts'
import { Link } from '../../../ui/router.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import type { StageNote } from './Stage.tsx'
import type { Page } from './use-show.ts'

const RemindSheet = lazy(async () => ({ default: (await import('../../../parts/shows/RemindSheet.tsx')).RemindSheet }))

const dayMs = 86_400_000

/** What stands in front of the picture and why, with the way on. */
export function NoteContent({ note, page }: { readonly note: StageNote; readonly page: Page }) {
  const words = useWords('watch')
  switch (note) {
    case 'waiting':
      return <Waiting page={page} />
    case 'slate':
      return <Plain title={words('watch.slate_title')} text={words('watch.slate_text')} />
    case 'paused':
      return (
        <div role="status">
          <span className="spinner" aria-hidden="true" />
          <Plain title={words('watch.paused_title')} text={words('watch.paused_text')} />
        </div>
      )
    case 'cut':
      return <Plain title={words('watch.cut_title')} text={words('watch.cut_text')} />
    case 'ended':
      return (
        <>
          <Plain title={words('watch.ended_title')} text={words('watch.ended_text')} />
          <Link to="/" className="stage-button">
            {words('watch.other_shows')}
          </Link>
        </>
      )
    case 'gone':
      return (
        <>
          <Plain
            title={words(page.show.state === 'cancelled' ? 'watch.cancelled_title' : 'watch.archived_title')}
            text={words('watch.gone_text')}
          />
          <Link to={`/shop/${page.show.shopSlug}`} className="stage-button">
            {words('watch.to_shop')}
          </Link>
        </>
      )
    default:
      return null
  }
}

function Plain({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      <h2 className="stage-note-title">{title}</h2>
      <p className="stage-note-text">{text}</p>
    </>
  )
}

/** Before the show: when it begins, and the one thing to do meanwhile. */
function Waiting({ page }: { readonly page: Page }) {
  const words = useWords('watch')
  const formats = useFormats()
  const { locale } = useLanguage()
  const now = useNow(1000)
  const [asking, setAsking] = useState(false)
  const { show } = page
  const startsAt = show.startsAt
  const left = startsAt === undefined ? null : startsAt - now
  return (
    <>
      <h2 className="stage-note-title">
        <bdi>{textIn(show.title, locale)}</bdi>
      </h2>
      {left !== null && startsAt !== undefined ? (
        <>
          <p className="stage-note-clock">
            {left <= 0 ? words('watch.any_moment') : left < dayMs ? countdown(left) : formats.relative(startsAt, now)}
          </p>
          <p className="stage-note-text">{formats.date(startsAt, 'dateTime')}</p>
        </>
      ) : null}
      <button type="button" className="stage-button" aria-pressed={page.reminded} onClick={() => setAsking(true)}>
        {page.reminded ? <Check size={18} aria-hidden /> : <Bell size={18} aria-hidden />}
        {words(page.reminded ? 'watch.reminder_set' : 'watch.remind_me')}
      </button>
      {show.reminders > 0 ? <p className="stage-note-text">{words('watch.reminders', { n: show.reminders })}</p> : null}
      <Suspense fallback={null}>
        {asking ? (
          <RemindSheet
            open={asking}
            onClose={() => setAsking(false)}
            show={show}
            reminded={page.reminded}
            changes={reminderChanges}
          />
        ) : null}
      </Suspense>
    </>
  )
}

const reminderChanges = [showPage, remindMe]
