import { Check, ChevronDown, Minus } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import './Choice.css'
import { cx } from './cx.ts'
import { Field, FieldGroup, type FieldProps } from './Field.tsx'

export interface Option<V extends string = string> {
  readonly value: V
  readonly label: string
  readonly disabled?: boolean
}

export interface SelectProps<V extends string> extends FieldProps {
  readonly value: V | ''
  readonly onChange: (value: V) => void
  readonly options: readonly Option<V>[]
  readonly placeholder?: string
  readonly disabled?: boolean
  readonly autoComplete?: string
  readonly size?: 's' | 'm'
}

/** The device's own list: the best there is on a phone. For long lists with search: Combobox. */
export function Select<V extends string>(props: SelectProps<V>) {
  return (
    <Field {...props}>
      {(ids) => (
        <div className={cx('control', 'control-select', props.size === 's' && 'control-s')}>
          <select
            {...ids}
            value={props.value}
            disabled={props.disabled}
            autoComplete={props.autoComplete}
            onChange={(event) => props.onChange(event.target.value as V)}
          >
            {props.placeholder !== undefined || props.value === '' ? (
              <option value="" disabled>
                {props.placeholder ?? ''}
              </option>
            ) : null}
            {props.options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown size={16} aria-hidden />
        </div>
      )}
    </Field>
  )
}

export interface CheckboxProps {
  readonly checked: boolean | 'some'
  readonly onChange: (checked: boolean) => void
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly hideLabel?: boolean
  readonly disabled?: boolean
}

export function Checkbox({ checked, onChange, label, hint, hideLabel, disabled }: CheckboxProps) {
  const input = useRef<HTMLInputElement>(null)
  const hintId = useId()
  useEffect(() => {
    if (input.current) input.current.indeterminate = checked === 'some'
  }, [checked])
  return (
    <label className={cx('check', hideLabel && 'check-bare')}>
      <input
        ref={input}
        type="checkbox"
        className="check-input"
        checked={checked === true}
        disabled={disabled}
        aria-describedby={hint ? hintId : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="check-box" aria-hidden="true">
        {checked === 'some' ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}
      </span>
      <span className={hideLabel ? 'hidden-text' : 'check-label'}>
        {label}
        {hint ? (
          <small id={hintId} className="check-hint">
            {hint}
          </small>
        ) : null}
      </span>
    </label>
  )
}

/** Takes effect at once; a checkbox waits for its form. */
export function Switch({
  checked,
  onChange,
  label,
  hint,
  disabled,
}: Omit<CheckboxProps, 'checked'> & { readonly checked: boolean }) {
  const hintId = useId()
  return (
    <label className="switch">
      <span className="check-label">
        {label}
        {hint ? (
          <small id={hintId} className="check-hint">
            {hint}
          </small>
        ) : null}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={checked}
        className="check-input"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? hintId : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="switch-track" aria-hidden="true" />
    </label>
  )
}

export interface RadioOption<V extends string = string> {
  readonly value: V
  readonly label: ReactNode
  /** Under the label. */
  readonly note?: ReactNode
  /** At the end of the label's line: a price. */
  readonly end?: ReactNode
  /** CSS colour of a swatch before the label. */
  readonly swatch?: string
  readonly icon?: ReactNode
  readonly disabled?: boolean
}

export interface RadioGroupProps<V extends string> extends FieldProps {
  readonly value: V | null
  readonly onChange: (value: V) => void
  readonly options: readonly RadioOption<V>[]
  /** Short words side by side, boxes with notes side by side, or rows under one another. */
  readonly look?: 'chips' | 'cards' | 'rows'
}

export function RadioGroup<V extends string>(props: RadioGroupProps<V>) {
  const name = useId()
  return (
    <FieldGroup {...props}>
      <div className={cx('radios', `radios-${props.look ?? 'rows'}`)}>
        {props.options.map((option) => (
          <label key={option.value} className={cx('radio', option.disabled && 'radio-off')}>
            <input
              type="radio"
              className="check-input"
              name={name}
              value={option.value}
              checked={props.value === option.value}
              disabled={option.disabled}
              onChange={() => props.onChange(option.value)}
            />
            <span className="radio-dot" aria-hidden="true" />
            {option.swatch ? <Swatch colour={option.swatch} /> : null}
            {option.icon}
            <span className="radio-text">
              <span className="radio-label">{option.label}</span>
              {option.note ? <small className="check-hint">{option.note}</small> : null}
            </span>
            {option.end ? <span className="radio-end">{option.end}</span> : null}
          </label>
        ))}
      </div>
    </FieldGroup>
  )
}

function Swatch({ colour }: { readonly colour: string }) {
  return <span className="swatch" style={{ backgroundColor: colour }} aria-hidden="true" />
}
