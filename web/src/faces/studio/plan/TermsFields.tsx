import { Select } from '../../../ui/Choice.tsx'
import { MoneyInput, NumberInput } from '../../../ui/NumberInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { type Terms, windows } from './terms.ts'

export interface TermsFieldsProps {
  readonly value: Terms
  readonly currency: string
  readonly onChange: (next: Terms) => void
  readonly stock?: number | null
  /** Of an open lot only the quota and the window may change. */
  readonly running?: boolean
  readonly mayBeNone?: boolean
}

const guards = ['open', 'watching', 'draw'] as const

export function TermsFields({ value, currency, onChange, stock, running, mayBeNone }: TermsFieldsProps) {
  const words = useWords('studio')
  const formats = useFormats()
  const set = (part: Partial<Terms>) => onChange({ ...value, ...part })
  const references = [
    { value: 'history' as const, label: words('studio.ref_history') },
    { value: 'maker' as const, label: words('studio.ref_maker') },
    ...(mayBeNone ? [{ value: 'none' as const, label: words('studio.ref_none') }] : []),
  ]
  return (
    <div className="plan-form">
      <MoneyInput
        label={words('studio.live_price')}
        amount={value.amount}
        currency={currency}
        onChange={(amount) => set({ amount })}
        disabled={running}
      />
      <Select
        label={words('studio.reference')}
        hint={words('studio.reference_text')}
        value={value.reference}
        onChange={(reference) => set({ reference })}
        options={references}
        disabled={running}
      />
      {value.reference === 'maker' ? (
        <MoneyInput
          label={words('studio.ref_maker')}
          amount={value.makersAmount}
          currency={currency}
          onChange={(makersAmount) => set({ makersAmount })}
          disabled={running}
        />
      ) : null}
      <div className="plan-pair">
        <NumberInput
          label={words('studio.quota')}
          hint={stock === null || stock === undefined ? undefined : words('studio.in_stock', { n: stock })}
          value={value.quota}
          onChange={(quota) => set({ quota })}
          min={1}
          max={1_000_000}
        />
        <NumberInput
          label={words('studio.per_buyer')}
          value={value.perBuyer}
          onChange={(perBuyer) => set({ perBuyer })}
          min={1}
          max={100}
          disabled={running}
        />
      </div>
      <Select
        label={words('studio.window')}
        value={String(value.windowMs)}
        onChange={(text) => set({ windowMs: Number(text) })}
        options={[...new Set([...windows, value.windowMs])]
          .toSorted((a, b) => a - b)
          .map((ms) => ({ value: String(ms), label: ms === 0 ? words('studio.by_hand') : formats.duration(ms) }))}
      />
      <Select
        label={words('studio.guard')}
        hint={words(`studio.guard_${value.guard}_text`)}
        value={value.guard}
        onChange={(guard) => set({ guard })}
        options={guards.map((guard) => ({ value: guard, label: words(`studio.guard_${guard}`) }))}
        disabled={running}
      />
    </div>
  )
}
