import { Minus, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from './Button.tsx'
import { cx } from './cx.ts'
import { Field, type FieldProps } from './Field.tsx'
import { minorFromText, numberFromText, textFromMinor } from './number-text.ts'
import { useFormats, useWords } from './words.tsx'

export interface NumberInputProps extends FieldProps {
  readonly value: number | null
  readonly onChange: (value: number | null) => void
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly unit?: ReactNode
  readonly disabled?: boolean
  readonly size?: 's' | 'm'
}

/** Buttons for one less and one more: quantities. */
export function Stepper(props: NumberInputProps) {
  const words = useWords()
  const { value, onChange, min = 1, max = Number.MAX_SAFE_INTEGER, step = 1 } = props
  const at = value ?? min
  const set = (next: number) => onChange(Math.min(max, Math.max(min, next)))
  return (
    <Field {...props}>
      {(ids) => (
        <div className="stepper">
          <IconButton
            label={words('common.decrease')}
            icon={Minus}
            disabled={props.disabled || at <= min}
            onPress={() => set(at - step)}
          />
          <input
            {...ids}
            inputMode="numeric"
            role="spinbutton"
            aria-valuenow={at}
            aria-valuemin={min}
            aria-valuemax={max === Number.MAX_SAFE_INTEGER ? undefined : max}
            value={String(at)}
            disabled={props.disabled}
            onChange={(event) => {
              const typed = numberFromText(event.target.value)
              if (typed !== null) set(Math.round(typed))
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowUp') set(at + step)
              else if (event.key === 'ArrowDown') set(at - step)
              else return
              event.preventDefault()
            }}
          />
          <IconButton
            label={words('common.increase')}
            icon={Plus}
            disabled={props.disabled || at >= max}
            onPress={() => set(at + step)}
          />
        </div>
      )}
    </Field>
  )
}

export function NumberInput(props: NumberInputProps) {
  const words = useWords()
  const formats = useFormats()
  const [text, setText] = useState<string | null>(null)
  const { value, min, max } = props
  const typed = text === null || text.trim() === '' ? null : numberFromText(text)
  const wrong =
    text !== null && text.trim() !== '' && typed === null
      ? words('common.not_a_number')
      : value !== null && min !== undefined && value < min
        ? words('common.at_least', { min: formats.number(min) })
        : value !== null && max !== undefined && value > max
          ? words('common.at_most', { max: formats.number(max) })
          : undefined
  return (
    <Field {...props} error={props.error ?? wrong}>
      {(ids) => (
        <div className={cx('control', props.size === 's' && 'control-s')}>
          <input
            {...ids}
            inputMode={props.step !== undefined && props.step < 1 ? 'decimal' : 'numeric'}
            value={text ?? (value === null ? '' : String(value))}
            disabled={props.disabled}
            dir="ltr"
            onChange={(event) => {
              setText(event.target.value)
              props.onChange(numberFromText(event.target.value))
            }}
            onBlur={() => setText(typed === null && text?.trim() ? text : null)}
          />
          {props.unit ? <span className="control-affix">{props.unit}</span> : null}
        </div>
      )}
    </Field>
  )
}

export interface MoneyInputProps extends FieldProps {
  /** Minor units; null while empty or no amount. */
  readonly amount: number | null
  readonly currency: string
  readonly onChange: (amount: number | null) => void
  readonly disabled?: boolean
  readonly size?: 's' | 'm'
}

/** Typed as people write money, kept in minor units; tidied when the field is left. */
export function MoneyInput(props: MoneyInputProps) {
  const words = useWords()
  const formats = useFormats()
  const [text, setText] = useState<string | null>(null)
  const { amount, currency } = props
  const decimalSign = formats.number(1.5).replace(/\d/g, '')
  const symbol = formats.price({ amount: 0, currency }).replace(/[\d.,\s\u00a0\u200e\u200f]/g, '')
  const wrong = text?.trim() && minorFromText(text, currency) === null ? words('common.not_a_number') : undefined
  return (
    <Field {...props} error={props.error ?? wrong}>
      {(ids) => (
        <div className={cx('control', props.size === 's' && 'control-s')}>
          <input
            {...ids}
            inputMode="decimal"
            dir="ltr"
            value={text ?? (amount === null ? '' : textFromMinor(amount, currency, decimalSign))}
            disabled={props.disabled}
            onChange={(event) => {
              setText(event.target.value)
              props.onChange(minorFromText(event.target.value, currency))
            }}
            onBlur={() => setText(wrong ? text : null)}
          />
          <span className="control-affix">{symbol}</span>
        </div>
      )}
    </Field>
  )
}
