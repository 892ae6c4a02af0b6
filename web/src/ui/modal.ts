import { type RefObject, useEffect, useRef, useState } from 'react'

/** Long enough for the way out; the element then leaves the page. */
const leaveMs = 260

export interface Modal {
  readonly ref: RefObject<HTMLDialogElement | null>
  /** Also true while it slides away. */
  readonly present: boolean
}

/** The browser's own dialog keeps the focus inside, makes the rest inert and answers Escape. */
export function useModal(open: boolean, onClose: (() => void) | null): Modal {
  const ref = useRef<HTMLDialogElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  const [present, setPresent] = useState(open)
  if (open && !present) setPresent(true)

  useEffect(() => {
    const dialog = ref.current
    if (!dialog || !present) return
    if (open && !dialog.open) {
      dialog.showModal()
      // The first field would bring up a phone's keyboard, the close button says nothing of what opened.
      if (!dialog.querySelector('[data-autofocus]')) dialog.focus()
      else dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    }
    if (!open) {
      if (dialog.open) dialog.close()
      const timer = setTimeout(() => setPresent(false), leaveMs)
      return () => clearTimeout(timer)
    }
  }, [open, present])

  useEffect(() => {
    const dialog = ref.current
    if (!dialog || !present) return
    const onCancel = (event: Event) => {
      event.preventDefault()
      close.current?.()
    }
    // Pressed and released on the backdrop: a drag of selected text that ends there closes nothing.
    let pressed: EventTarget | null = null
    const onDown = (event: Event) => {
      pressed = event.target
    }
    const onClick = (event: Event) => {
      if (event.target === dialog && pressed === dialog) close.current?.()
    }
    dialog.addEventListener('cancel', onCancel)
    dialog.addEventListener('pointerdown', onDown)
    dialog.addEventListener('click', onClick)
    return () => {
      dialog.removeEventListener('cancel', onCancel)
      dialog.removeEventListener('pointerdown', onDown)
      dialog.removeEventListener('click', onClick)
    }
  }, [present])

  return { ref, present }
}
