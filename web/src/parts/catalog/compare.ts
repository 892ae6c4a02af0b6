import type { Attribute } from './facts.ts'

export interface Compared {
  readonly id: string
  readonly attributes: readonly Attribute[]
}

export interface Row {
  readonly key: string
  /** Of the first sheet that has the key. */
  readonly attribute: Attribute
  /** In the order of the products; null where a sheet does not say. */
  readonly values: readonly (Attribute | null)[]
}

const saidBy = (attribute: Attribute | null): string =>
  attribute === null
    ? ''
    : JSON.stringify([attribute.value, attribute.unit ?? '', attribute.qualifier ?? '', attribute.condition ?? null])

/** Only the rows that differ. A figure that one sheet alone has is no comparison, unless it is a yes or no. */
export function compareSheets(products: readonly Compared[]): readonly Row[] {
  const keys = new Map<string, Attribute>()
  for (const product of products)
    for (const attribute of product.attributes) if (!keys.has(attribute.key)) keys.set(attribute.key, attribute)
  const rows = [...keys].map(([key, attribute]) => ({
    key,
    attribute,
    values: products.map((product) => product.attributes.find((one) => one.key === key) ?? null),
  }))
  return rows.filter(({ attribute, values }) => {
    const said = values.filter((one) => one !== null).length
    const differs = new Set(values.map(saidBy)).size > 1
    return differs && (said > 1 || attribute.type === 'boolean')
  })
}
