import { useEffect, useState } from 'react'
import { setQuery, usePlace } from '../../../ui/router.tsx'

const restMs = 250

/** A text field that lives in the address: what is typed is there at once, the address follows when the hand rests. */
export function useQueryText(name: string): readonly [text: string, set: (text: string) => void, settled: string] {
  const { query } = usePlace()
  const settled = query.get(name) ?? ''
  const [text, setText] = useState(settled)
  useEffect(() => {
    if (text === settled) return
    const timer = setTimeout(() => setQuery({ [name]: text.trim() === '' ? null : text }), restMs)
    return () => clearTimeout(timer)
  }, [text, settled, name])
  return [text, setText, settled]
}
