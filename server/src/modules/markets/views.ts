import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { In, Out } from '@efir/contract/act.ts'
import * as contract from '@efir/contract/markets.ts'
import type { Static } from 'typebox'
import { Check, Errors } from 'typebox/value'
import type { Ctx } from '../../kernel/context.ts'
import { found } from '../../kernel/refusal.ts'

export type MarketProfile = Static<typeof contract.MarketProfile>

const profiles = readProfiles(join(import.meta.dirname, 'profiles'))

/** A new market is one more file here. A wrong file stops the start and says what is wrong. */
export function readProfiles(folder: string): ReadonlyMap<string, MarketProfile> {
  const list = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const profile: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      if (Check(contract.MarketProfile, profile)) return profile
      const first = [...Errors(contract.MarketProfile, profile)][0]
      throw new Error(`market profile ${name}: ${first?.instancePath} ${first?.message}`)
    })
  return new Map(list.map((p) => [p.code, p]))
}

/** The profile of a market code, or of the country; undefined when nobody wrote one. */
export const profileOf = (code: string): MarketProfile | undefined => profiles.get(code)
export const profileOfCountry = (country: string): MarketProfile | undefined =>
  [...profiles.values()].find((p) => p.country === country)
export const allProfiles = (): MarketProfile[] => [...profiles.values()].sort((a, b) => (a.code < b.code ? -1 : 1))

export const listMarkets = async (): Promise<Out<typeof contract.listMarkets>> => ({ markets: allProfiles() })
export const market = async (_: Ctx, input: In<typeof contract.market>) => found(profileOf(input.code))
