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
    /** After saving: what the server made of it is the beginning of the next draft. */
    adopt: (kept: T) => {
      setBase(JSON.stringify(kept))
      setDraft(kept)
    },
    dirty: JSON.stringify(draft) !== text,
    reset: () => {
      setBase(text)
      setDraft(saved)
    },
  }
}
