import { type Locale, locales, textIn } from '@efir/contract/scalars.ts'
import { changeShow, createShow, listShows, scheduleShow, showPage } from '@efir/contract/shows.ts'
import { localeNames } from '@efir/words/areas.ts'
import { useState } from 'react'
import { call, type Problem } from '../../../net/api.ts'
import { refresh } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox, RadioGroup } from '../../../ui/Choice.tsx'
import { FieldGroup } from '../../../ui/Field.tsx'
import { NumberInput } from '../../../ui/NumberInput.tsx'
import { TextArea, TextInput } from '../../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { fromLocalTime, toLocalTime } from './local-time.ts'
import type { ShowRow } from './show.tsx'

type Visibility = ShowRow['visibility']

export interface ShowFormProps {
  readonly show?: ShowRow
  readonly onDone: (show: ShowRow) => void
}

/** A new show, or the texts and the time of one; with a time it is announced. */
export function ShowForm({ show, onDone }: ShowFormProps) {
  const words = useWords('office', 'refusals')
  const { locale } = useLanguage()
  const shop = useShop()
  const [title, setTitle] = useState(textIn(show?.title, locale))
  const [about, setAbout] = useState(textIn(show?.about, locale))
  const [starts, setStarts] = useState(show?.startsAt ? toLocalTime(show.startsAt) : '')
  const [minutes, setMinutes] = useState<number | null>(show?.plannedMinutes ?? 60)
  const [visibility, setVisibility] = useState<Visibility>(show?.visibility ?? 'public')
  const [spoken, setSpoken] = useState<readonly Locale[]>(show?.languages ?? [locale])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const startsAt = fromLocalTime(starts)

  const save = async (): Promise<void> => {
    const fields = {
      title: { ...show?.title, [locale]: title.trim() },
      ...(about.trim() ? { about: { ...show?.about, [locale]: about.trim() } } : {}),
      languages: [...spoken],
      visibility,
      ...(minutes === null ? {} : { plannedMinutes: minutes }),
    }
    const kept = show
      ? await call(changeShow, { showId: show.id, ...fields })
      : await call(createShow, { shopId: shop.id, ...fields })
    if (!kept.ok) return setProblem(kept as Problem)
    const draft = kept.value.state === 'draft' || kept.value.state === 'scheduled'
    if (startsAt !== null && draft && startsAt !== kept.value.startsAt) {
      const scheduled = await call(scheduleShow, { showId: kept.value.id, startsAt })
      if (!scheduled.ok) return setProblem(scheduled as Problem)
    }
    await refresh(listShows, showPage)
    onDone(kept.value)
  }
  const submit = async () => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    await save()
    setBusy(false)
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput label={words('office.show_title')} value={title} onChange={setTitle} maxLength={200} dir="auto" />
      <TextArea label={words('office.about_show')} optional value={about} onChange={setAbout} maxLength={8000} rows={3} />
      <div className="office-form-pair">
        <TextInput
          label={words('office.starts')}
          hint={words('office.starts_hint')}
          optional
          type="datetime-local"
          value={starts}
          onChange={setStarts}
        />
        <NumberInput
          label={words('office.planned')}
          unit={words('office.minutes')}
          min={5}
          max={1440}
          value={minutes}
          onChange={setMinutes}
        />
      </div>
      <FieldGroup label={words('office.spoken')}>
        <div className="office-actions">
          {locales.map((one) => (
            <Checkbox
              key={one}
              label={localeNames[one]}
              checked={spoken.includes(one)}
              onChange={(on) => setSpoken(on ? [...spoken, one] : spoken.filter((other) => other !== one))}
            />
          ))}
        </div>
      </FieldGroup>
      <RadioGroup<Visibility>
        label={words('office.visibility')}
        value={visibility}
        onChange={setVisibility}
        options={(['public', 'unlisted', 'team'] as const).map((value) => ({
          value,
          label: words(`office.visibility_${value}`),
          note: words(`office.visibility_${value}_text`),
        }))}
      />
      <ProblemNote problem={problem} />
      <Button kind="ink" type="submit" busy={busy} disabled={title.trim() === '' || spoken.length === 0}>
        {show ? words('common.save') : words('office.create_show')}
      </Button>
    </form>
  )
}
