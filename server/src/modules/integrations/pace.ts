/** What is left of a key's allowance. */
export interface Pace {
  readonly ok: boolean
  readonly left: number
  /** When one more call fits, or the whole allowance is back. */
  readonly inMs: number
}

const mostKeys = 20_000

/** A bucket for each key: it holds `calls` and fills up evenly over the window. */
export function openPace(given: { readonly calls: number; readonly windowMs: number }) {
  const buckets = new Map<string, { level: number; at: number }>()
  const perMs = given.calls / given.windowMs
  return (key: string, now: number): Pace => {
    const known = buckets.get(key) ?? { level: given.calls, at: now }
    const level = Math.min(given.calls, known.level + (now - known.at) * perMs)
    const ok = level >= 1
    const left = ok ? level - 1 : level
    buckets.delete(key)
    buckets.set(key, { level: left, at: now })
    if (buckets.size > mostKeys) buckets.delete(buckets.keys().next().value as string)
    return { ok, left: Math.floor(left), inMs: Math.ceil((ok ? given.calls - left : 1 - level) / perMs) }
  }
}
