import type { Out } from '@efir/contract/act.ts'
import type { me } from '@efir/contract/identity.ts'
import { createContext, use, useSyncExternalStore } from 'react'

export type OfficeShop = Out<typeof me>['shops'][number]

const storageKey = 'efir.shop'
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function chooseShop(id: string): void {
  localStorage.setItem(storageKey, id)
  for (const listener of listeners) listener()
}

/** The shop chosen before, as long as one still works there; else the first. */
export function useChosenShop(shops: readonly OfficeShop[]): OfficeShop | null {
  const chosen = useSyncExternalStore(subscribe, () => localStorage.getItem(storageKey))
  return shops.find((one) => one.id === chosen) ?? shops[0] ?? null
}

export const ShopContext = createContext<OfficeShop | null>(null)

/** The shop whose office this is. Pages of a shop are shown only with one. */
export function useShop(): OfficeShop {
  const shop = use(ShopContext)
  if (!shop) throw new Error('pages of a shop stand inside its frame')
  return shop
}

export const owns = (shop: OfficeShop): boolean => shop.roles.includes('owner')
/** Owners and managers; who packs sees orders, goods and stock. */
export const manages = (shop: OfficeShop): boolean => owns(shop) || shop.roles.includes('manager')
