import { type Locale, type LocalText, textIn } from '@efir/contract/scalars.ts'
import { knownUnits, quantityText } from '@efir/words/spec.ts'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Select, Switch } from '../../../ui/Choice.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { NumberInput } from '../../../ui/NumberInput.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { factText } from './fact-text.ts'
import { LocaleTabs } from './LocaleTabs.tsx'
import { saidTexts, says } from './product.tsx'
import { emptyValue, type Fact, factProblem, factTypes, qualifiers } from './sheet.ts'

export interface FactFormProps {
  readonly fact: Fact
  readonly isNew: boolean
  readonly taken: readonly string[]
  readonly disabled: boolean
  readonly onDone: (fact: Fact) => void
  readonly onRemove: () => void
  readonly onClose: () => void
}

const measured = (fact: Fact): boolean => fact.type === 'quantity' || fact.type === 'range'

/** One fact with all its parts; what it will say stands at its foot. */
export function FactForm({ fact, isNew, taken, disabled, onDone, onRemove, onClose }: FactFormProps) {
  const words = useWords('office', 'units')
  const { locale: page } = useLanguage()
  const [draft, setDraft] = useState(fact)
  const [locale, setLocale] = useState(page)
  const set = (part: Partial<Fact>) => setDraft({ ...draft, ...part } as Fact)
  const doubled = isNew && taken.includes(draft.key)
  const problem = doubled ? 'key' : factProblem(draft)
  const unitLabel = (unit: string) =>
    unit === '1' ? words('office.no_unit') : quantityText(page, words, 1, unit).replace(/^1\s*/, '')
  const units = [...new Set([...knownUnits, draft.unit ?? '1'])].map((unit) => ({ id: unit, label: unitLabel(unit), note: unit }))
  const submit = () => {
    const label = saidTexts(draft.label)
    if (label)
      onDone({
        ...draft,
        label,
        value: draft.type === 'text' ? (saidTexts(draft.value as LocalText) ?? {}) : draft.value,
      } as Fact)
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <header className="panel-head">
        <div className="panel-line">
          <h2>
            <bdi>{isNew ? words('office.add_fact') : textIn(fact.label, page)}</bdi>
          </h2>
          <button type="button" className="text-link small panel-close" onClick={onClose}>
            {words('common.close')}
          </button>
        </div>
      </header>
      <fieldset className="office-form" disabled={disabled}>
        {isNew ? (
          <TextInput
            label={words('office.fact_key')}
            hint={words('office.fact_key_hint')}
            value={draft.key}
            onChange={(text) => set({ key: text.toLowerCase().replace(/[\s-]+/g, '_') })}
            maxLength={60}
            dir="ltr"
            error={doubled ? words('office.fact_key_taken') : undefined}
          />
        ) : null}
        <Select
          label={words('office.type')}
          value={draft.type}
          onChange={(type) =>
            set({ type, value: emptyValue(type), unit: type === 'quantity' || type === 'range' ? '1' : undefined })
          }
          options={factTypes.map((value) => ({ value, label: words(`office.type_${value}`) }))}
        />
        <ValueFields draft={draft} set={set} locale={locale} />
        {measured(draft) ? (
          <>
            <Combobox
              label={words('office.unit')}
              value={draft.unit ?? null}
              onChange={(unit) => set({ unit: unit ?? undefined })}
              options={units}
            />
            <Select
              label={words('office.said_as')}
              value={draft.qualifier ?? 'exact'}
              onChange={(qualifier) => set({ qualifier })}
              options={qualifiers.map((value) => ({ value, label: words(`office.said_${value}`) }))}
            />
            <ConditionFields draft={draft} set={set} />
          </>
        ) : null}
        <LocaleTabs at={locale} onChange={setLocale} filled={(one) => says(draft.label, one)}>
          <div className="office-form">
            <TextInput
              label={words('office.fact_label')}
              value={draft.label[locale] ?? ''}
              onChange={(text) => set({ label: { ...draft.label, [locale]: text } })}
              maxLength={120}
              dir="auto"
            />
          </div>
        </LocaleTabs>
        <TextInput
          label={words('office.family')}
          hint={words('office.family_hint')}
          optional
          value={draft.family ?? ''}
          onChange={(text) => set({ family: text.trim() === '' ? undefined : text })}
          maxLength={60}
          dir="ltr"
        />
        {problem === null ? (
          <p className="fact-preview">
            {textIn(draft.label, page)}: <b>{factText(page, words, draft)}</b>
          </p>
        ) : (
          <p className="muted">{words(`office.fact_needs_${problem}`)}</p>
        )}
        <div className="office-actions">
          <Button kind="ink" size="s" type="submit" disabled={problem !== null}>
            {words('office.keep_fact')}
          </Button>
          {isNew ? null : (
            <Button kind="ghost" size="s" icon={Trash2} onPress={onRemove}>
              {words('office.take_out')}
            </Button>
          )}
        </div>
      </fieldset>
    </form>
  )
}

interface PartProps {
  readonly draft: Fact
  readonly set: (part: Partial<Fact>) => void
}

function ValueFields({ draft, set, locale }: PartProps & { readonly locale: Locale }) {
  const words = useWords('office')
  const { value } = draft
  if (draft.type === 'quantity')
    return (
      <NumberInput
        label={words('office.value')}
        step={0.01}
        value={value as number}
        onChange={(next) => set({ value: next ?? Number.NaN })}
      />
    )
  if (draft.type === 'range') {
    const [low, high] = value as [number, number]
    return (
      <div className="office-form-pair">
        <NumberInput
          label={words('office.from')}
          step={0.01}
          value={low}
          onChange={(next) => set({ value: [next ?? 0, high] })}
        />
        <NumberInput label={words('office.to')} step={0.01} value={high} onChange={(next) => set({ value: [low, next ?? 0] })} />
      </div>
    )
  }
  if (draft.type === 'boolean')
    return <Switch label={words('office.value')} checked={value === true} onChange={(next) => set({ value: next })} />
  if (draft.type === 'enum') return <EnumField value={[value].flat() as string[]} onChange={(next) => set({ value: next })} />
  if (draft.type === 'text') {
    const text = value as LocalText
    return (
      <TextInput
        label={words('office.value')}
        value={text[locale] ?? ''}
        onChange={(next) => set({ value: { ...text, [locale]: next } })}
        maxLength={400}
        dir="auto"
      />
    )
  }
  return <CompositionFields parts={value as Part[]} onChange={(next) => set({ value: next })} />
}

/** `aac, ldac` is a list, one word is one value. */
function EnumField({
  value,
  onChange,
}: {
  readonly value: readonly string[]
  readonly onChange: (value: Fact['value']) => void
}) {
  const words = useWords('office')
  const [text, setText] = useState(value.join(', '))
  return (
    <TextInput
      label={words('office.value')}
      hint={words('office.enum_hint')}
      value={text}
      onChange={(next) => {
        setText(next)
        const list = next
          .split(/[,،、]/)
          .map((one) => one.trim())
          .filter(Boolean)
        onChange(list.length === 1 ? (list[0] as string) : (list as Fact['value']))
      }}
      dir="ltr"
    />
  )
}

interface Part {
  readonly material: string
  readonly percent: number
}

function CompositionFields({ parts, onChange }: { readonly parts: readonly Part[]; readonly onChange: (parts: Part[]) => void }) {
  const words = useWords('office')
  const change = (index: number, part: Partial<Part>) =>
    onChange(parts.map((one, at) => (at === index ? { ...one, ...part } : one)))
  return (
    <div className="office-form">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part has no name of its own while it is being written
        <div key={index} className="fact-row">
          <TextInput
            size="s"
            label={words('office.material')}
            value={part.material}
            onChange={(material) => change(index, { material })}
            dir="ltr"
            maxLength={60}
          />
          <NumberInput
            size="s"
            label="%"
            min={0}
            max={100}
            value={part.percent}
            onChange={(percent) => change(index, { percent: percent ?? 0 })}
          />
          <IconButton
            size="s"
            icon={Trash2}
            label={words('common.remove')}
            onPress={() => onChange(parts.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button size="s" icon={Plus} onPress={() => onChange([...parts, { material: '', percent: 0 }])}>
        {words('office.add_material')}
      </Button>
    </div>
  )
}

const conditionNames = ['depth', 'charging_time', 'speed', 'volume', 'mass', 'size', 'resolution', 'mode'] as const
type ConditionName = (typeof conditionNames)[number]

/** Under which circumstances the value holds: at a depth of 50 m, in power saving mode. */
function ConditionFields({ draft, set }: PartProps) {
  const words = useWords('office')
  const entries = Object.entries(draft.condition ?? {})
  const write = (next: readonly (readonly [string, string | { value: number; unit: string }])[]) =>
    set({ condition: next.length > 0 ? Object.fromEntries(next) : undefined })
  const change = (index: number, name: string, value: string | { value: number; unit: string }) =>
    write(entries.map((one, at) => (at === index ? [name, value] : one)))
  const labelOf = (name: string) => {
    const known: ConditionName | undefined = conditionNames.find((one) => one === name)
    return known ? words(`office.condition_${known}`) : name
  }
  const free = conditionNames.filter((name) => !entries.some(([taken]) => taken === name))
  return (
    <div className="office-form">
      {entries.map(([name, value], index) => (
        <div key={name} className="fact-row">
          {typeof value === 'string' ? (
            <TextInput
              size="s"
              label={labelOf(name)}
              value={value}
              onChange={(text) => change(index, name, text)}
              dir="ltr"
              maxLength={60}
            />
          ) : (
            <>
              <NumberInput
                size="s"
                step={0.01}
                label={labelOf(name)}
                value={value.value}
                onChange={(next) => change(index, name, { ...value, value: next ?? 0 })}
              />
              <Select
                size="s"
                label={words('office.unit')}
                value={value.unit}
                onChange={(unit) => change(index, name, { ...value, unit })}
                options={knownUnits.map((unit) => ({ value: unit, label: unit }))}
              />
            </>
          )}
          <IconButton
            size="s"
            icon={Trash2}
            label={words('common.remove')}
            onPress={() => write(entries.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {free.length > 0 ? (
        <Select
          size="s"
          label={words('office.condition')}
          placeholder={words('office.add_condition')}
          value=""
          onChange={(name: ConditionName) =>
            write([
              ...entries,
              [name, name === 'mode' || name === 'size' || name === 'resolution' ? '' : { value: 0, unit: '1' }],
            ])
          }
          options={free.map((value) => ({ value, label: words(`office.condition_${value}`) }))}
        />
      ) : null}
    </div>
  )
}
