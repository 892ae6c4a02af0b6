import { type ReactNode, useId } from 'react'
import { Button, type ButtonKind } from './Button.tsx'
import './Dialog.css'
import { useModal } from './modal.ts'
import { useWords } from './words.tsx'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly children?: ReactNode
  /** What it will do, in its own words: "Close lot", not "OK". */
  readonly confirm: ReactNode
  readonly onConfirm: () => void
  readonly kind?: ButtonKind
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly cancel?: ReactNode
  /** What was confirmed is under way and cannot be called back: nothing is left to press. */
  readonly underWay?: boolean
}

/** A question with two ways on. Forms and details belong into a sheet. */
export function Dialog(props: DialogProps) {
  const words = useWords()
  const id = useId()
  const { ref, present } = useModal(props.open, props.onClose)
  if (!present) return null
  return (
    <dialog ref={ref} className="modal dialog" aria-labelledby={id} tabIndex={-1}>
      <form
        className="dialog-box"
        onSubmit={(event) => {
          event.preventDefault()
          if (!props.busy) props.onConfirm()
        }}
      >
        <h2 id={id} className="dialog-title">
          {props.title}
        </h2>
        {props.children ? <div className="dialog-body">{props.children}</div> : null}
        {props.underWay ? null : (
          <div className="dialog-foot">
            <Button kind="ghost" onPress={props.onClose}>
              {props.cancel ?? words('common.cancel')}
            </Button>
            <Button kind={props.kind ?? 'ink'} type="submit" busy={props.busy} disabled={props.disabled}>
              {props.confirm}
            </Button>
          </div>
        )}
      </form>
    </dialog>
  )
}
