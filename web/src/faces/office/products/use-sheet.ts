import { productEditor, sheetHistory, shopProducts, writeSheet } from '@efir/contract/catalog.ts'
import { useState } from 'react'
import { call } from '../../../net/api.ts'
import { refresh, remember, useAct } from '../../../net/query.ts'
import type { ProductView } from './product.tsx'
import { type Conflict, type Fact, mergeSheets, sameFact, withFact } from './sheet.ts'

interface Draft {
  readonly base: readonly Fact[]
  readonly facts: readonly Fact[]
  /** The version that the next one is written over. */
  readonly overVersion: number
  readonly conflicts: readonly Conflict[]
  /** Somebody wrote a version while this draft was open. */
  readonly newer: boolean
}

const draftOf = (product: ProductView): Draft => ({
  base: product.sheet.attributes,
  facts: product.sheet.attributes,
  overVersion: product.sheet.version,
  conflicts: [],
  newer: false,
})

/** A draft over the published sheet. Nobody's version is lost: a newer one is merged in, and what clashes is asked. */
export function useSheet(product: ProductView) {
  const [draft, setDraft] = useState(() => draftOf(product))
  const writing = useAct(writeSheet)
  const { base, facts } = draft
  const keys = new Set([...base, ...facts].map((fact) => fact.key))
  const at = (list: readonly Fact[], key: string) => list.find((fact) => fact.key === key)
  const changes = [...keys].filter((key) => !sameFact(at(base, key), at(facts, key))).length

  const mergeWith = (latest: ProductView) => {
    const theirs = latest.sheet.attributes
    const merged = mergeSheets(base, facts, theirs)
    setDraft({ base: theirs, facts: merged.facts, overVersion: latest.sheet.version, conflicts: merged.conflicts, newer: true })
  }
  const publish = async () => {
    const productId = product.id
    const answer = await writing.run({ productId, overVersion: draft.overVersion, attributes: [...facts] })
    if (answer.ok) {
      const { attributes, version } = answer.value
      setDraft({ base: attributes, facts: attributes, overVersion: version, conflicts: [], newer: false })
      await refresh(productEditor, sheetHistory, shopProducts)
      return
    }
    if (answer.refusal !== 'sheet_changed') return
    const latest = await call(productEditor, { productId })
    if (!latest.ok) return
    remember(productEditor, { productId }, latest.value)
    await refresh(sheetHistory)
    writing.reset()
    mergeWith(latest.value)
  }
  return {
    facts,
    changes,
    overVersion: draft.overVersion,
    conflicts: draft.conflicts,
    newer: draft.newer,
    busy: writing.busy,
    problem: writing.problem,
    set: (next: readonly Fact[]) => setDraft({ ...draft, facts: next }),
    restore: (next: readonly Fact[]) => setDraft({ ...draft, facts: next }),
    reset: () => setDraft(draftOf(product)),
    choose: (conflict: Conflict, fact: Fact | undefined) =>
      setDraft({
        ...draft,
        facts: withFact(facts, conflict.key, fact),
        conflicts: draft.conflicts.filter((one) => one.key !== conflict.key),
      }),
    publish,
  }
}
