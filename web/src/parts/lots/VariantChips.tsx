import { RadioGroup } from '../../ui/Choice.tsx'
import { useWords } from '../../ui/words.tsx'
import { swatches } from '../catalog/options.ts'
import { useOptionWords } from '../catalog/use-options.ts'
import type { Lot } from './lot.ts'

export interface VariantChipsProps {
  readonly lot: Lot
  readonly value: string | null
  readonly onChange: (variantId: string) => void
  readonly disabled?: boolean
  readonly hideLabel?: boolean
}

export function VariantChips({ lot, value, onChange, disabled, hideLabel }: VariantChipsProps) {
  const words = useWords('store')
  const options = useOptionWords()
  return (
    <RadioGroup
      label={words('store.variant')}
      hideLabel={hideLabel}
      look="chips"
      value={value}
      onChange={onChange}
      options={lot.variants.map((one) => {
        const colour = Object.values(one.options)
          .map((name) => swatches[name])
          .find(Boolean)
        return { value: one.variantId, label: options.textOf(one.options), disabled, ...(colour ? { swatch: colour } : {}) }
      })}
    />
  )
}
