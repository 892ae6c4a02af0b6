import { Eye, EyeOff, Search, X } from 'lucide-react'
import { type HTMLInputTypeAttribute, type ReactNode, type Ref, useState } from 'react'
import { cx } from './cx.ts'
import { Field, type FieldProps } from './Field.tsx'
import { useWords } from './words.tsx'

export interface TextInputProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onBlur?: () => void
  readonly onEnter?: () => void
  readonly type?: Exclude<HTMLInputTypeAttribute, 'number' | 'checkbox' | 'radio' | 'file'>
  readonly name?: string
  readonly placeholder?: string
  readonly autoComplete?: string
  readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'tel' | 'email' | 'search' | 'url'
  readonly maxLength?: number
  readonly disabled?: boolean
  readonly autoFocus?: boolean
  readonly start?: ReactNode
  readonly end?: ReactNode
  readonly size?: 's' | 'm'
  /** Codes, addresses, numbers: left to right also in Arabic. `auto` follows what is written. */
  readonly dir?: 'ltr' | 'auto'
  readonly ref?: Ref<HTMLInputElement>
}

export function TextInput(props: TextInputProps) {
  const words = useWords()
  const [shown, setShown] = useState(false)
  const secret = props.type === 'password'
  return (
    <Field {...props}>
      {(ids) => (
        <div className={cx('control', props.size === 's' && 'control-s')}>
          {props.start ? <span className="control-affix">{props.start}</span> : null}
          <input
            {...ids}
            ref={props.ref}
            type={secret && shown ? 'text' : (props.type ?? 'text')}
            value={props.value}
            name={props.name}
            placeholder={props.placeholder}
            autoComplete={props.autoComplete}
            inputMode={props.inputMode}
            maxLength={props.maxLength}
            disabled={props.disabled}
            dir={props.dir ?? (props.type === 'email' || props.type === 'tel' || props.type === 'url' ? 'ltr' : undefined)}
            data-autofocus={props.autoFocus || undefined}
            onChange={(event) => props.onChange(event.target.value)}
            onBlur={props.onBlur}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && props.onEnter && !event.nativeEvent.isComposing) {
                event.preventDefault()
                props.onEnter()
              }
            }}
          />
          {props.end ? <span className="control-affix">{props.end}</span> : null}
          {secret ? (
            <button
              type="button"
              className="control-button"
              aria-label={words(shown ? 'common.hide_password' : 'common.show_password')}
              onClick={() => setShown(!shown)}
            >
              {shown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
            </button>
          ) : null}
        </div>
      )}
    </Field>
  )
}

export interface TextAreaProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly maxLength?: number
  readonly rows?: number
  readonly disabled?: boolean
}

export function TextArea(props: TextAreaProps) {
  return (
    <Field {...props}>
      {(ids) => (
        <div className="control">
          <textarea
            {...ids}
            value={props.value}
            placeholder={props.placeholder}
            maxLength={props.maxLength}
            rows={props.rows ?? 3}
            disabled={props.disabled}
            dir="auto"
            onChange={(event) => props.onChange(event.target.value)}
          />
        </div>
      )}
    </Field>
  )
}

export interface SearchInputProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onEnter?: () => void
  readonly placeholder?: string
  readonly size?: 's' | 'm'
  readonly ref?: Ref<HTMLInputElement>
}

export function SearchInput(props: SearchInputProps) {
  const words = useWords()
  return (
    <TextInput
      {...props}
      hideLabel
      type="text"
      inputMode="search"
      dir="auto"
      placeholder={props.placeholder ?? props.label}
      start={<Search size={18} aria-hidden />}
      end={
        props.value ? (
          <button type="button" className="control-button" aria-label={words('common.clear')} onClick={() => props.onChange('')}>
            <X size={16} aria-hidden />
          </button>
        ) : null
      }
    />
  )
}
