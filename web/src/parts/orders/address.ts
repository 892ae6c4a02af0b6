import type { AddressField } from '@efir/contract/markets.ts'
import type { Address as AddressSchema } from '@efir/contract/orders/shapes.ts'
import type { Static } from 'typebox'

export type Address = Static<typeof AddressSchema>
export type Field = Static<typeof AddressField>
export type FieldName = Field['name']
export type AddressProblem = 'missing' | 'pattern' | 'phone'
export type Problems = Partial<Record<FieldName, AddressProblem>>
export type Draft = Readonly<Partial<Record<FieldName, string>>>
type DeliveryKind = 'courier' | 'post' | 'pickup'

/** What the street is for a courier, the point is for a pickup. */
const streetFields: readonly FieldName[] = ['line1', 'line2', 'postcode']

/** The fields that this delivery needs, in the order of the country. */
export function fieldsFor(fields: readonly Field[], kind: DeliveryKind): readonly Field[] {
  const plain = fields.filter((field) => field.name !== 'pickup')
  if (kind !== 'pickup') return plain
  const pickup: Field = { ...fields.find((field) => field.name === 'pickup'), name: 'pickup', required: true }
  return [...plain.filter((field) => !streetFields.includes(field.name)), pickup]
}

const tidy = (value: string | undefined) => (value ?? '').replace(/\s+/g, ' ').trim()

/** Digits with the usual signs between them; the exact rule is the server's. */
const phoneLike = /^\+?[\d\s().-]{5,30}$/

export function problemsOf(fields: readonly Field[], draft: Draft): Problems {
  const problems: Problems = {}
  for (const field of fields) {
    const value = tidy(draft[field.name])
    if (value === '') {
      if (field.required) problems[field.name] = 'missing'
    } else if (field.name === 'phone') {
      if (!phoneLike.test(value)) problems.phone = 'phone'
    } else if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(value)) problems[field.name] = 'pattern'
  }
  return problems
}

/** Only what the country asks for, trimmed. */
export function addressOf(country: string, fields: readonly Field[], draft: Draft): Address {
  const filled = fields.map((field) => [field.name, tidy(draft[field.name])] as const).filter(([, value]) => value !== '')
  return { name: '', phone: '', ...Object.fromEntries(filled), country }
}

/** One line for people: street, place, then the country by its name. */
export function addressLine(draft: Draft, countryName: string): string {
  return [
    draft.pickup,
    draft.line1,
    draft.line2,
    [draft.postcode, draft.city].map(tidy).filter(Boolean).join(' '),
    draft.region,
    countryName,
  ]
    .map(tidy)
    .filter(Boolean)
    .join(', ')
}

/** What browsers fill in by themselves. */
export const autofill: Readonly<Record<FieldName, string>> = {
  name: 'name',
  phone: 'tel',
  line1: 'address-line1',
  line2: 'address-line2',
  city: 'address-level2',
  region: 'address-level1',
  postcode: 'postal-code',
  pickup: 'off',
}
