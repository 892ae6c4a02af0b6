import { type ReactNode, useId } from 'react'
import './Field.css'
import { cx } from './cx.ts'
import { useWords } from './words.tsx'

/** What every field shares. The error takes the hint's place: nothing jumps. */
export interface FieldProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly error?: ReactNode
  /** Says so beside the label. Most fields are needed; those that are not are marked. */
  readonly optional?: boolean
  /** The label is only heard: search fields, cells of a table. */
  readonly hideLabel?: boolean
  readonly className?: string
}

/** For the control inside: ties it to its label, hint and error. */
export interface ControlIds {
  readonly id: string
  readonly 'aria-describedby': string | undefined
  readonly 'aria-invalid': true | undefined
}

export function Field({ children, ...props }: FieldProps & { readonly children: (ids: ControlIds) => ReactNode }) {
  const words = useWords()
  const id = useId()
  const note = props.error ?? props.hint
  const noteId = `${id}-note`
  return (
    <div className={cx('field', props.error ? 'field-wrong' : null, props.className)}>
      <label className={props.hideLabel ? 'hidden-text' : 'field-label'} htmlFor={id}>
        {props.label}
        {props.optional ? <span className="field-optional">{words('common.optional')}</span> : null}
      </label>
      {children({ id, 'aria-describedby': note ? noteId : undefined, 'aria-invalid': props.error ? true : undefined })}
      {note ? (
        <p id={noteId} className="field-note" role={props.error ? 'alert' : undefined}>
          {note}
        </p>
      ) : null}
    </div>
  )
}

/** Several controls under one name: radio groups, address parts. */
export function FieldGroup({
  label,
  hint,
  error,
  hideLabel,
  className,
  children,
}: FieldProps & { readonly children: ReactNode }) {
  const id = useId()
  const note = error ?? hint
  return (
    <fieldset className={cx('field', error ? 'field-wrong' : null, className)} aria-describedby={note ? id : undefined}>
      <legend className={hideLabel ? 'hidden-text' : 'field-label'}>{label}</legend>
      {children}
      {note ? (
        <p id={id} className="field-note" role={error ? 'alert' : undefined}>
          {note}
        </p>
      ) : null}
    </fieldset>
  )
}
