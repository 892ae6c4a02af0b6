import { demoPeople, resetDemo } from '@efir/contract/identity.ts'
import { storefront } from '@efir/contract/shows.ts'
import { useEffect, useRef, useState } from 'react'
import { call, type Problem } from '../../net/api.ts'
import { useMe } from './session.ts'

/** `clearing` until the server answers with other shows, `loading` until one of them is on air. */
export type ResetAt = 'question' | 'asking' | 'clearing' | 'loading' | 'done'

export interface Reset {
  readonly at: ResetAt
  readonly slow: boolean
  readonly problem: Problem | null
  begin(): Promise<void>
  /** Back to the question, for a dialog that was closed. */
  forget(): void
}

const lookMs = 1_000
const slowMs = 60_000

async function showIds(): Promise<{ all: Set<string>; live: boolean } | null> {
  const front = await call(storefront, {})
  if (!front.ok) return null
  const { live, soon, replays } = front.value
  return {
    all: new Set([...live, ...soon, ...replays].map((show) => show.id)),
    live: live.some((show) => show.state === 'live'),
  }
}

/** Asks for a fresh demo world and waits for it; then `onFresh` with the role that the person had in the old one. */
export function useReset(onFresh: (role: string | null) => void): Reset {
  const me = useMe().value?.person?.id
  const [at, setAt] = useState<ResetAt>('question')
  const [slow, setSlow] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const before = useRef<{ shows: ReadonlySet<string>; role: string | null }>({ shows: new Set(), role: null })
  const fresh = useRef(onFresh)
  fresh.current = onFresh

  async function begin(): Promise<void> {
    setAt('asking')
    setProblem(null)
    const [shows, people] = await Promise.all([showIds(), call(demoPeople, {})])
    const role = people.ok ? people.value.people.find((one) => one.id === me)?.role : undefined
    before.current = { shows: shows?.all ?? new Set(), role: role ?? null }
    const answer = await call(resetDemo, {})
    if (answer.ok) return setAt('clearing')
    setProblem(answer as Problem)
    setAt('question')
  }

  const waiting = at === 'clearing' || at === 'loading'
  useEffect(() => {
    if (!waiting) return
    let asked = false
    const look = async () => {
      if (asked) return
      asked = true
      const now = await showIds()
      asked = false
      if (!now || now.all.size === 0 || [...now.all].some((id) => before.current.shows.has(id))) return
      setAt(now.live ? 'done' : 'loading')
      if (now.live) fresh.current(before.current.role)
    }
    const timer = setInterval(() => void look(), lookMs)
    const late = setTimeout(() => setSlow(true), slowMs)
    return () => {
      clearInterval(timer)
      clearTimeout(late)
    }
  }, [waiting])

  return { at, slow, problem, begin, forget: () => setProblem(null) }
}
