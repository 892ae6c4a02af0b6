import { useEffect, useRef } from 'react'
import { useKeys } from '../../../ui/keys.ts'
import { go } from '../../../ui/router.tsx'

/** Long enough to find the second letter, short enough to be forgotten. */
const waitMs = 1500

/** `G` then a letter goes to a noun; `?` shows all keys. */
export function useGoKeys(letters: Readonly<Record<string, string>>, onHelp: () => void): void {
  const stop = useRef<(() => void) | null>(null)
  useEffect(() => () => stop.current?.(), [])
  useKeys({
    '?': onHelp,
    g: () => {
      stop.current?.()
      const onKeyDown = (event: KeyboardEvent) => {
        end()
        const letter = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : event.key
        const to = letters[letter]
        if (!to || event.ctrlKey || event.metaKey || event.altKey) return
        // The letter is spent: the table behind must not take it for its own.
        event.preventDefault()
        event.stopImmediatePropagation()
        go(to)
      }
      const timer = setTimeout(() => end(), waitMs)
      const end = () => {
        clearTimeout(timer)
        removeEventListener('keydown', onKeyDown, true)
        stop.current = null
      }
      addEventListener('keydown', onKeyDown, true)
      stop.current = end
    },
  })
}
