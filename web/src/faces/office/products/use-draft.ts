import { useEffect, useState } from 'react'

/** What is being written over what is saved. As long as nothing is written, a newer saved value comes through. */
export function useDraft<T>(saved: T) {
  const text = JSON.stringify(saved)
  const [base, setBase] = useState(text)
  const [draft, setDraft] = useState(saved)
  const dirty = JSON.stringify(draft) !== base
  useEffect(() => {
    if (text === base) return
    // Our own words came back, or nothing was being written: the saved value is what stands.
    if (!dirty || JSON.stringify(draft) === text) {
      setBase(text)
      setDraft(saved)
    }
  }, [text, base, dirty, draft, saved])
  return {
    draft,
    set: setDraft,
    dirty: JSON.stringify(draft) !== text,
    reset: () => {
      setBase(text)
      setDraft(saved)
    },
  }
}
