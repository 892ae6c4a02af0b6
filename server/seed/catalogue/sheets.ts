import { readFileSync } from 'node:fs'

export const LOCALES = ['ru', 'en', 'es', 'fr', 'ar', 'zh', 'uk'] as const
export type SeedLocale = (typeof LOCALES)[number]
/** One text in every language of the demo world. */
export type Texts = Record<SeedLocale, string>

export type SheetAttribute = {
  key: string
  type: 'quantity' | 'range' | 'boolean' | 'enum' | 'text' | 'composition'
  value: unknown
  /** UCUM. */
  unit?: string
  qualifier?: string
  condition?: Record<string, { value: number; unit: string } | string>
  family?: string
  label: Texts
}

export type SpecSheet = {
  id: string
  title: Texts
  brand: string
  model: string
  category: string
  version: number
  price: { amountMinor: number; currency: string }
  warrantyMonths: number
  countryOfOrigin: string
  related: { id: string; relation: string }[]
  attributes: SheetAttribute[]
}

export const readSeed = <T>(path: string): T => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')) as T

export const specSheets: readonly SpecSheet[] = readSeed<SpecSheet[]>('catalogue/specsheets.json')

export const sheetOf = (productId: string): SpecSheet => {
  const sheet = specSheets.find((one) => one.id === productId)
  if (sheet === undefined) throw new Error(`no spec sheet of ${productId}`)
  return sheet
}
