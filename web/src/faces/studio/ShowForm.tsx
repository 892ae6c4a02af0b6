import { type Locale, locales } from '@efir/contract/scalars.ts'
import { localeNames } from '@efir/words/areas.ts'
import { Button } from '../../ui/Button.tsx'
import { Checkbox, RadioGroup, Select } from '../../ui/Choice.tsx'
import { FieldGroup } from '../../ui/Field.tsx'
import { TextArea, TextInput } from '../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../ui/words.tsx'
import './ShowForm.css'

export type Visibility = 'public' | 'unlisted' | 'team'

export interface ShowFields {
  readonly title: string
  readonly about: string
  /** As the device's own field writes it: 2026-11-20T20:00; empty for a draft. */
  readonly startsAt: string
  readonly plannedMinutes: number
  readonly languages: readonly Locale[]
  readonly visibility: Visibility
}

export const emptyShow = (locale: Locale): ShowFields => ({
  title: '',
  about: '',
  startsAt: '',
  plannedMinutes: 60,
  languages: [locale],
  visibility: 'public',
})

/** Local wall clock, as `datetime-local` wants it. */
export function localText(at: number | undefined): string {
  if (at === undefined) return ''
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

export const instantOf = (text: string): number | null => {
  const at = new Date(text).getTime()
  return text === '' || Number.isNaN(at) ? null : at
}

const lengths = [15, 30, 45, 60, 90, 120, 180, 240]

export function ShowForm({
  value,
  onChange,
  onSubmit,
  submit,
  busy,
}: {
  readonly value: ShowFields
  readonly onChange: (next: ShowFields) => void
  readonly onSubmit: () => void
  readonly submit: string
  readonly busy: boolean
}) {
  const words = useWords('studio')
  const { formats } = useLanguage()
  const set = (part: Partial<ShowFields>) => onChange({ ...value, ...part })
  const speaks = (locale: Locale, on: boolean) => {
    const next = on ? [...value.languages, locale] : value.languages.filter((one) => one !== locale)
    if (next.length > 0) set({ languages: next })
  }
  return (
    <form
      className="page-narrow"
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy && value.title.trim() !== '') onSubmit()
      }}
    >
      <TextInput
        label={words('studio.show_title')}
        value={value.title}
        onChange={(title) => set({ title })}
        maxLength={120}
        dir="auto"
      />
      <div className="show-form-pair">
        <TextInput
          label={words('studio.starts')}
          optional
          type="datetime-local"
          value={value.startsAt}
          onChange={(startsAt) => set({ startsAt })}
        />
        <Select
          label={words('studio.length')}
          value={String(value.plannedMinutes)}
          onChange={(text) => set({ plannedMinutes: Number(text) })}
          options={[...new Set([...lengths, value.plannedMinutes])]
            .toSorted((a, b) => a - b)
            .map((minutes) => ({ value: String(minutes), label: formats.duration(minutes * 60_000) }))}
        />
      </div>
      <FieldGroup label={words('studio.languages')}>
        <div className="show-form-languages">
          {locales.map((locale) => (
            <Checkbox
              key={locale}
              label={localeNames[locale]}
              checked={value.languages.includes(locale)}
              onChange={(on) => speaks(locale, on)}
            />
          ))}
        </div>
      </FieldGroup>
      <RadioGroup<Visibility>
        label={words('studio.visibility')}
        value={value.visibility}
        onChange={(visibility) => set({ visibility })}
        options={(['public', 'unlisted', 'team'] as const).map((one) => ({
          value: one,
          label: words(`studio.vis_${one}`),
          note: words(`studio.vis_${one}_note`),
        }))}
      />
      <TextArea
        label={words('studio.about')}
        optional
        value={value.about}
        onChange={(about) => set({ about })}
        maxLength={2000}
      />
      <Button kind="ink" size="l" type="submit" busy={busy} disabled={value.title.trim() === ''}>
        {submit}
      </Button>
    </form>
  )
}
