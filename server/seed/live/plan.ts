import { readFileSync } from 'node:fs'
import type { SeedLocale } from '../catalogue/sheets.ts'
import type { SeedAddress } from '../people.ts'

/** What the child that plays the show is told by the server, in a file only its owner can read. A changed file begins anew. */
export interface LivePlan {
  /** Such as http://127.0.0.1:3000. */
  readonly origin: string
  readonly showId: string
  /** Code of the market that buyers of this show pay in. */
  readonly market: string
  /** Session cookies. */
  readonly host: string
  readonly fulfilment: readonly { readonly shopId: string; readonly session: string }[]
  readonly viewers: readonly LiveViewer[]
  /** `product` is its name in the seed, as the clip has it. */
  readonly lots: readonly { readonly lotId: string; readonly product: string; readonly category: string }[]
}

export interface LiveViewer {
  readonly personId: string
  readonly name: string
  readonly session: string
  readonly locale: SeedLocale
  readonly email: string
  readonly address: SeedAddress
}

export const readPlan = (file: string): LivePlan => JSON.parse(readFileSync(file, 'utf8')) as LivePlan
