import type { Out } from '@efir/contract/act.ts'
import type { productPage } from '@efir/contract/catalog.ts'

export type Options = Readonly<Record<string, string>>
export type Variant = Out<typeof productPage>['variantList'][number]

export interface OptionGroup {
  readonly name: string
  readonly values: readonly string[]
}

/** Names and values in the order in which variants bring them. */
export function optionGroups(variants: readonly { readonly options: Options }[]): readonly OptionGroup[] {
  const groups = new Map<string, Set<string>>()
  for (const { options } of variants)
    for (const [name, value] of Object.entries(options)) groups.set(name, (groups.get(name) ?? new Set()).add(value))
  return [...groups].map(([name, values]) => ({ name, values: [...values] }))
}

/** The variant that has all of the choice; else the one that keeps the option chosen last and most of the rest. */
export function variantWith<V extends { readonly options: Options }>(
  variants: readonly V[],
  choice: Options,
  last?: string,
): V | undefined {
  const fits = (variant: V) => Object.entries(choice).filter(([name, value]) => variant.options[name] === value).length
  const allowed = last === undefined ? variants : variants.filter((variant) => variant.options[last] === choice[last])
  return allowed.toSorted((one, other) => fits(other) - fits(one))[0] ?? variants[0]
}

/** Whether a value leads anywhere while the other options stay. */
export const offered = (
  variants: readonly { readonly options: Options }[],
  choice: Options,
  name: string,
  value: string,
): boolean =>
  variants.some((variant) =>
    Object.entries({ ...choice, [name]: value }).every(([key, wanted]) => variant.options[key] === wanted),
  )

/** Colours of swatches, by the names that catalogues use. */
export const swatches: Readonly<Record<string, string>> = {
  black: '#1b1b1d',
  blue: '#8fb7dc',
  cognac: '#9a5b33',
  coral: '#ef7f6b',
  cream: '#f0e6d2',
  ember: '#a8402c',
  forest: '#3d5f4b',
  graphite: '#3f444a',
  grey: '#8d9095',
  indigo: '#3b4680',
  ivory: '#efe8d8',
  midnight: '#1f2a44',
  mint: '#a8d8c2',
  mist: '#c4ccd2',
  moss: '#66704a',
  ocean: '#2f6f8f',
  ochre: '#c08b34',
  olive: '#6f6f3d',
  orange: '#e8842c',
  pearl: '#e9e4dd',
  pine: '#2f4d40',
  plum: '#6a3a5a',
  rose: '#dba3a3',
  sage: '#9fae92',
  sand: '#d8c19a',
  sky: '#a9cbe6',
  steel: '#a7adb4',
  terracotta: '#b8623f',
  titan: '#b3aca3',
  white: '#f7f7f5',
  wine: '#6d2233',
}
