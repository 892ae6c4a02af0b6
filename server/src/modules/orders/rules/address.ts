import { createHash } from 'node:crypto'
import type { Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/orders.ts'
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js'
import type { AddressValue, DeliveryKind } from '../tables.ts'
import known from './address-fields.json' with { type: 'json' }

export type AddressFields = Out<typeof contract.addressForm>['fields']

/** For countries without a market profile. */
export function usualFields(country: string): AddressFields {
  const postcode = (known.postcodes as Record<string, string[] | undefined>)[country]
  return (known.usual as AddressFields).map((field) => {
    if (field.name === 'region' && known.regions.includes(country)) return { ...field, required: true }
    if (field.name === 'postcode' && postcode)
      return { ...field, required: true, pattern: postcode[0] as string, example: postcode[1] as string }
    return field
  })
}

export const countries = (): string[] => getCountries().toSorted()
export const callingCode = (country: string): string => (isSupportedCountry(country) ? `+${getCountryCallingCode(country)}` : '')

export type AddressAnswer =
  | { readonly ok: true; readonly address: AddressValue }
  | { readonly ok: false; readonly field: string; readonly problem: 'missing' | 'pattern' | 'phone' | 'country' }

/** What the street is for a courier, the point is for a pickup: only one of the two is needed. */
const streetFields: readonly string[] = ['line1', 'line2', 'postcode']

const tidy = (value: string | undefined): string => (value ?? '').normalize('NFC').replace(/\s+/g, ' ').trim()

/** Only the fields the country knows, trimmed; not checked. */
export function normalAddress(fields: AddressFields, given: Readonly<Record<string, string | undefined>>): AddressValue {
  const names = [...new Set([...fields.map((f) => f.name), 'pickup' as const])]
  const filled = names.map((name) => [name, tidy(given[name])] as const).filter(([, value]) => value !== '')
  return { name: '', phone: '', ...Object.fromEntries(filled), country: given['country'] ?? '' }
}

/** Trimmed, with the phone as E.164; or the first field that is wrong. */
export function checkAddress(
  fields: AddressFields,
  given: Readonly<Record<string, string | undefined>>,
  kind: DeliveryKind,
): AddressAnswer {
  if (!isSupportedCountry(given['country'] ?? '')) return { ok: false, field: 'country', problem: 'country' }
  const address = normalAddress(fields, given)
  const wanted: AddressFields = [...fields.filter((f) => f.name !== 'pickup'), { name: 'pickup', required: kind === 'pickup' }]
  for (const field of wanted) {
    const value = address[field.name] ?? ''
    const required = field.required && !(kind === 'pickup' && streetFields.includes(field.name))
    if (value === '' && required) return { ok: false, field: field.name, problem: 'missing' }
    if (value === '' || field.pattern === undefined || field.name === 'phone') continue
    if (!new RegExp(field.pattern).test(value)) return { ok: false, field: field.name, problem: 'pattern' }
  }
  const phone = parsePhoneNumberFromString(address.phone, address.country as CountryCode)
  if (!phone?.isValid()) return { ok: false, field: 'phone', problem: 'phone' }
  return { ok: true, address: { ...address, phone: phone.number } }
}

/** Equal for the same place and name, however it was typed. The phone may differ. */
export function addressDigest(address: AddressValue): string {
  const parts = [
    address.country,
    address.name,
    address.line1,
    address.line2,
    address.city,
    address.region,
    address.postcode,
    address.pickup,
  ]
  return createHash('sha256')
    .update(parts.map((p) => (p ?? '').toLowerCase().replace(/\s+/g, ' ').trim()).join('\n'))
    .digest('base64url')
    .slice(0, 22)
}
