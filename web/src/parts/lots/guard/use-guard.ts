import type { Out } from '@efir/contract/act.ts'
import { watchShow } from '@efir/contract/lots.ts'
import { useEffect, useRef } from 'react'
import { call } from '../../../net/api.ts'
import { useMe } from '../../identity/session.ts'
import { becomePerson } from '../../room/person.ts'
import type { Lot } from '../lot.ts'
import type { Puzzle } from './solve.ts'

type Ticket = Out<typeof watchShow>

/** What a tap on a guarded lot carries. */
export interface Admission {
  readonly ticket?: string
  readonly proof?: string
}
export interface LotGuard {
  admission(lotId: string): Promise<Admission>
}

const over: readonly Lot['state'][] = ['sold_out', 'expired', 'revoked']
const isGuarded = (lot: Lot): boolean => lot.guard !== 'open' && !lot.link && !over.includes(lot.state)
const retryMs = 5_000
const solveWithinMs = 15_000

/** Says that this page watches while a lot of the show asks for it, and works at the puzzles of drawn lots ahead of the tap. */
export function useLotGuard(showId: string, lots: readonly Lot[]): LotGuard {
  const me = useMe()
  const personId = me.value?.person?.id ?? null
  const guarded = lots.some(isGuarded)
  const ticket = useRef<Ticket | null>(null)
  const proofs = useRef(new Map<string, Promise<string | null>>())

  // biome-ignore lint/correctness/useExhaustiveDependencies: another person watches anew
  useEffect(() => {
    if (!guarded) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let gone = false
    const renew = async () => {
      if (personId === null && !(await becomePerson())) {
        timer = setTimeout(renew, retryMs)
        return
      }
      const answer = await call(watchShow, { showId, ...(ticket.current ? { ticket: ticket.current.ticket } : {}) })
      if (gone) return
      if (answer.ok) ticket.current = answer.value
      timer = setTimeout(renew, answer.ok ? answer.value.renewInMs : retryMs)
    }
    void renew()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [showId, guarded, personId])

  const keyOf = (lot: Lot) => `${lot.id} ${lot.opensAt} ${personId}`
  const prove = (lot: Lot): Promise<string | null> => {
    const { kind, bits } = ticket.current?.challenge ?? {}
    if (kind !== 'puzzle' || bits === undefined || personId === null || lot.opensAt === undefined) return Promise.resolve(null)
    const known = proofs.current.get(keyOf(lot))
    if (known) return known
    const made = solved({ lotId: lot.id, opensAt: lot.opensAt, personId, bits })
    proofs.current.set(keyOf(lot), made)
    return made
  }

  // The instant of the opening is told with the countdown: the work is done before the tap.
  const counting = lots.filter((lot) => lot.guard === 'draw' && isGuarded(lot) && lot.opensAt !== undefined)
  const names = counting.map(keyOf).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each opening
  useEffect(() => {
    for (const lot of counting) void prove(lot)
  }, [names])

  return {
    async admission(lotId) {
      const lot = lots.find((one) => one.id === lotId)
      if (!lot || !isGuarded(lot)) return {}
      const proof = lot.guard === 'draw' ? await prove(lot) : null
      return { ...(ticket.current ? { ticket: ticket.current.ticket } : {}), ...(proof === null ? {} : { proof }) }
    },
  }
}

function solved(puzzle: Puzzle): Promise<string | null> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./puzzle-worker.ts', import.meta.url), { type: 'module' })
    const end = (proof: string | null) => {
      clearTimeout(limit)
      worker.terminate()
      resolve(proof)
    }
    const limit = setTimeout(() => end(null), solveWithinMs)
    worker.onmessage = ({ data }: MessageEvent<{ proof: string | null }>) => end(data.proof)
    worker.onerror = () => end(null)
    worker.postMessage(puzzle)
  })
}
