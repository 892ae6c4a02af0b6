import type { Act, In, Out } from '@efir/contract/act.ts'
import { useState } from 'react'
import { call } from '../../net/api.ts'
import { type CsvColumn, downloadCsv } from './csv.ts'

type ItemOf<A extends Act> = Out<A> extends { readonly items: readonly (infer I)[] } ? I : never

/** More than a person reads, less than a browser chokes on. */
const maxRows = 10_000

/** All pages of a list, not only those on the screen. Null when one of them did not come. */
async function allRows<A extends Act>(act: A, input: In<A>): Promise<ItemOf<A>[] | null> {
  const rows: ItemOf<A>[] = []
  let after: string | undefined
  do {
    const answer = await call(act, { ...(input as object), limit: 200, ...(after ? { after } : {}) } as In<A>)
    if (!answer.ok) return null
    const page = answer.value as { items: readonly ItemOf<A>[]; next?: string }
    rows.push(...page.items)
    after = page.next
  } while (after && rows.length < maxRows)
  return rows
}

/** A list as a file, with the filters of the page. */
export function useExport<A extends Act>(act: A, input: In<A>, name: string, columns: readonly CsvColumn<ItemOf<A>>[]) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const run = async () => {
    if (busy) return
    setBusy(true)
    const rows = await allRows(act, input)
    setFailed(rows === null)
    if (rows) downloadCsv(name, columns, rows)
    setBusy(false)
  }
  return { run: () => void run(), busy, failed }
}
