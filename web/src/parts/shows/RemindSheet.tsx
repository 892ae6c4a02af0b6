import type { Act, Out } from '@efir/contract/act.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { forgetReminder, remindMe, type showPage } from '@efir/contract/shows.ts'
import { BellRing, CalendarPlus, Check } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../net/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import { ProblemNote } from '../face/problem.tsx'
import { useMe } from '../identity/session.ts'
import { pushSupported } from '../push/push.ts'
import { usePush } from '../push/use-push.ts'
import './RemindSheet.css'
import { calendarFile } from './calendar.ts'

type Show = Out<typeof showPage>['show']

export interface RemindSheetProps {
  readonly show: Show
  readonly open: boolean
  readonly onClose: () => void
  readonly reminded: boolean
  readonly changes: readonly Act[]
}

/** A letter when it begins, and a file for the calendar. */
export function RemindSheet({ show, open, onClose, reminded, changes }: RemindSheetProps) {
  const words = useWords('store', 'account')
  const formats = useFormats()
  const { locale } = useLanguage()
  const known = useMe().value?.person?.email
  const [email, setEmail] = useState<string | null>(null)
  const remind = useAct(remindMe, { changes })
  const forget = useAct(forgetReminder, { changes })
  const [set, setSet] = useState(reminded)
  const push = usePush()
  const address = (email ?? known ?? '').trim()
  const title = textIn(show.title, locale)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await remind.run({ showId: show.id, ...(address ? { email: address } : {}) })
    if (answer.ok) setSet(true)
  }
  const tellHere = async () => {
    const wants = { shows: true, orders: push.here?.orders ?? true }
    if (!(await push.tell(wants))) return
    const answer = await remind.run({ showId: show.id, byPush: true })
    if (answer.ok) setSet(true)
  }
  const save = () => {
    const file = new Blob(
      [
        calendarFile({
          id: show.id,
          title,
          startsAt: show.startsAt ?? 0,
          minutes: show.plannedMinutes,
          url: `${location.origin}/show/${show.id}`,
        }),
      ],
      { type: 'text/calendar' },
    )
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(file), download: 'efir.ics' })
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <Sheet open={open} onClose={onClose} title={words('store.remind_title')} wide="middle" height="content">
      <div className="remind">
        <p>
          <b>
            <bdi>{title}</bdi>
          </b>
          <br />
          {show.startsAt ? <span className="muted">{formats.date(show.startsAt, 'dateTime')}</span> : null}
        </p>
        {set ? (
          <p className="remind-set" role="status">
            <Check size={18} aria-hidden />
            {words('store.remind_set')}
          </p>
        ) : (
          <form className="remind-form" onSubmit={submit} noValidate>
            <TextInput
              label={words('store.email')}
              type="email"
              autoComplete="email"
              value={email ?? known ?? ''}
              onChange={setEmail}
              hint={words('store.remind_why')}
            />
            <ProblemNote problem={remind.problem} />
            <Button kind="ink" size="l" wide type="submit" busy={remind.busy} disabled={address === ''}>
              {words('store.remind_by_mail')}
            </Button>
          </form>
        )}
        {!set && pushSupported() && push.state !== 'blocked' ? (
          <Button
            kind="outline"
            wide
            icon={BellRing}
            busy={push.busy || push.state === 'loading'}
            onPress={() => void tellHere()}
          >
            {words('account.remind_by_push')}
          </Button>
        ) : null}
        {push.failed === 'failed' ? <p role="alert">{words('account.push_failed')}</p> : <ProblemNote problem={push.failed} />}
        {show.startsAt ? (
          <Button kind="outline" wide icon={CalendarPlus} onPress={save}>
            {words('store.calendar')}
          </Button>
        ) : null}
        {set ? (
          <>
            <ProblemNote problem={forget.problem} />
            <Button
              kind="ghost"
              wide
              busy={forget.busy}
              onPress={async () => {
                const answer = await forget.run({ showId: show.id })
                if (answer.ok) setSet(false)
              }}
            >
              {words('store.remind_forget')}
            </Button>
          </>
        ) : null}
      </div>
    </Sheet>
  )
}
