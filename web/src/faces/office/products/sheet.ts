import type { In } from '@efir/contract/act.ts'
import type { writeSheet } from '@efir/contract/catalog.ts'

export type Fact = In<typeof writeSheet>['attributes'][number]
export type FactType = Fact['type']

export const factTypes: readonly FactType[] = ['quantity', 'range', 'boolean', 'enum', 'text', 'composition']
export const qualifiers = ['exact', 'typical', 'about', 'up_to', 'min', 'max'] as const

/** The order of keys says nothing. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, one]) => [key, canonical(one)]),
  )
}
export const sameFact = (one: Fact | undefined, other: Fact | undefined): boolean =>
  JSON.stringify(canonical(one)) === JSON.stringify(canonical(other))

/** Both changed the same fact, each in their way. Undefined: taken out. */
export interface Conflict {
  readonly key: string
  readonly mine: Fact | undefined
  readonly theirs: Fact | undefined
}

export interface Merged {
  readonly facts: readonly Fact[]
  readonly conflicts: readonly Conflict[]
}

/**
 * Three sheets into one: what only I changed is mine, what only they changed is theirs, what both changed is asked.
 * Until it is answered, theirs stands: it is what is published.
 */
export function mergeSheets(base: readonly Fact[], mine: readonly Fact[], theirs: readonly Fact[]): Merged {
  const at = (facts: readonly Fact[], key: string) => facts.find((fact) => fact.key === key)
  const keys = [...new Set([...theirs, ...mine].map((fact) => fact.key))]
  const conflicts: Conflict[] = []
  const facts: Fact[] = []
  for (const key of keys) {
    const [was, my, their] = [at(base, key), at(mine, key), at(theirs, key)]
    const iChanged = !sameFact(was, my)
    const theyChanged = !sameFact(was, their)
    if (iChanged && theyChanged && !sameFact(my, their)) conflicts.push({ key, mine: my, theirs: their })
    const kept = iChanged && !theyChanged ? my : their
    if (kept) facts.push(kept)
  }
  return { facts, conflicts }
}

/** Puts one fact in the place of the one with its key; undefined takes it out. */
export function withFact(facts: readonly Fact[], key: string, fact: Fact | undefined): Fact[] {
  if (!fact) return facts.filter((one) => one.key !== key)
  return facts.some((one) => one.key === key) ? facts.map((one) => (one.key === key ? fact : one)) : [...facts, fact]
}

/** Since which version each fact has been as it is now. `sheets` newest first. */
export function sinceVersions(
  sheets: readonly { readonly version: number; readonly attributes: readonly Fact[] }[],
): ReadonlyMap<string, number> {
  const since = new Map<string, number>()
  for (const fact of sheets[0]?.attributes ?? []) {
    let version = sheets[0]?.version ?? 0
    for (const sheet of sheets.slice(1)) {
      if (
        !sameFact(
          fact,
          sheet.attributes.find((one) => one.key === fact.key),
        )
      )
        break
      version = sheet.version
    }
    since.set(fact.key, version)
  }
  return since
}

/** An empty value of a type, for a fact whose type is being changed. */
export function emptyValue(type: FactType): Fact['value'] {
  if (type === 'boolean') return true
  if (type === 'range') return [0, 0]
  if (type === 'enum') return [] as unknown as Fact['value']
  if (type === 'composition') return [] as unknown as Fact['value']
  if (type === 'text') return {} as Fact['value']
  return 0
}

export function factProblem(fact: Fact): 'key' | 'label' | 'value' | 'unit' | 'order' | null {
  if (!/^[a-z][a-z0-9_]{0,59}$/.test(fact.key)) return 'key'
  if (!Object.values(fact.label).some((text) => text?.trim())) return 'label'
  const { value } = fact
  if (fact.type === 'quantity' && (typeof value !== 'number' || !Number.isFinite(value))) return 'value'
  if (fact.type === 'range' && Array.isArray(value) && (value[0] as number) > (value[1] as number)) return 'order'
  if ((fact.type === 'quantity' || fact.type === 'range') && !fact.unit) return 'unit'
  if ((fact.type === 'enum' || fact.type === 'composition') && Array.isArray(value) && value.length === 0) return 'value'
  if (fact.type === 'enum' && value === '') return 'value'
  if (fact.type === 'text' && !Object.values(value as object).some((text) => String(text ?? '').trim())) return 'value'
  return null
}
