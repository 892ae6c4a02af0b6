import type { Out } from '@efir/contract/act.ts'
import { listMarkets, type market } from '@efir/contract/markets.ts'
import { useSyncExternalStore } from 'react'
import { useView } from '../../net/query.ts'
import { useMe } from '../identity/session.ts'

export type MarketProfile = Out<typeof market>

const storageKey = 'efir.market'
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function chooseMarket(code: string): void {
  localStorage.setItem(storageKey, code)
  for (const listener of listeners) listener()
}

/** The countries that the browser's languages name: fr-FR is a hint at France, fr alone is none. */
const hintedCountries = (): string[] =>
  navigator.languages.flatMap((tag) => {
    const region = new Intl.Locale(tag).region
    return region ? [region] : []
  })

/** Chosen before, else the person's country, else the browser's, else that of the page's language, else one that speaks it. */
export function pickMarket(
  markets: readonly MarketProfile[],
  wishes: readonly (string | null | undefined)[],
  language: string,
): MarketProfile | null {
  // Where most who speak it live: plain English means the United States.
  const likely = new Intl.Locale(language || 'en').maximize().region
  for (const wish of [...wishes, likely]) {
    const found = markets.find((one) => one.code === wish || one.country === wish)
    if (found) return found
  }
  return (
    markets.find((one) => one.languages[0] === language) ??
    markets.find((one) => (one.languages as readonly string[]).includes(language)) ??
    markets[0] ??
    null
  )
}

export function useMarkets(): readonly MarketProfile[] {
  const view = useView(listMarkets, {}, { staleMs: Number.POSITIVE_INFINITY })
  return view.value?.markets ?? []
}

/** The market whose prices, address form and payment methods this browser sees. */
export function useMarket(): MarketProfile | null {
  const markets = useMarkets()
  const chosen = useSyncExternalStore(subscribe, () => localStorage.getItem(storageKey))
  const me = useMe()
  if (markets.length === 0) return null
  return pickMarket(markets, [chosen, me.value?.person?.country, ...hintedCountries()], document.documentElement.lang)
}

/** A lot has one currency: it is paid for by the rules of a market with it, the chosen one when it fits. */
export function marketFor(
  markets: readonly MarketProfile[],
  currency: string,
  preferred: MarketProfile | null,
): MarketProfile | null {
  if (preferred?.currency === currency) return preferred
  return markets.find((one) => one.currency === currency) ?? null
}
