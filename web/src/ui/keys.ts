import { useEffect, useRef } from 'react'

const storageKey = 'efir.keys'

/** Single letters can be switched off (WCAG 2.1.4). */
export const keysOn = (): boolean => localStorage.getItem(storageKey) !== 'off'
export const switchKeys = (on: boolean): void =>
  on ? localStorage.removeItem(storageKey) : localStorage.setItem(storageKey, 'off')

const writes = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isBox(target)))
const isBox = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type)

/** The key as people name it: letters by the place on the keyboard, so that J works on a Russian layout. */
function nameOf(event: KeyboardEvent): string {
  if (/^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key)) return event.code.slice(3).toLowerCase()
  return event.key.length === 1 ? event.key.toLowerCase() : event.key
}

export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** `{ j: next, 'Shift+j': extend, Enter: open, '/': search }`. Off in fields and under a dialog. */
export function useKeys(map: KeyMap, on = true): void {
  const current = useRef(map)
  current.current = map
  useEffect(() => {
    if (!on) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
      if (writes(event.target) || document.querySelector('dialog.modal[open]')) return
      const name = nameOf(event)
      if (name.length === 1 && !keysOn()) return
      const act = current.current[event.shiftKey && name !== '?' ? `Shift+${name}` : name]
      if (!act) return
      // Enter and Space belong to the button or link that has the focus.
      if ((name === 'Enter' || name === ' ') && event.target instanceof HTMLElement && event.target.closest('a, button, summary'))
        return
      event.preventDefault()
      act(event)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [on])
}
