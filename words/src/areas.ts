import type { Locale } from '@efir/contract/scalars.ts'
import type account from '../messages/account/en.json'
import type checkout from '../messages/checkout/en.json'
import type common from '../messages/common/en.json'
import type developers from '../messages/developers/en.json'
import type mail from '../messages/mail/en.json'
import type office from '../messages/office/en.json'
import type refusals from '../messages/refusals/en.json'
import type store from '../messages/store/en.json'
import type studio from '../messages/studio/en.json'
import type units from '../messages/units/en.json'
import type watch from '../messages/watch/en.json'

/** A part of the product whose texts are loaded together: one file for each language in `messages/<area>/`. */
export const areas = [
  'common',
  'refusals',
  'watch',
  'store',
  'checkout',
  'studio',
  'office',
  'mail',
  'units',
  'account',
  'developers',
] as const
export type Area = (typeof areas)[number]

interface Messages {
  common: typeof common
  refusals: typeof refusals
  watch: typeof watch
  store: typeof store
  checkout: typeof checkout
  studio: typeof studio
  office: typeof office
  mail: typeof mail
  units: typeof units
  account: typeof account
  developers: typeof developers
}

/** Keys are written in full, `watch.buy`, so that a search for one finds its text and every use. */
export type WordKey<A extends Area = Area> = { [Name in A]: keyof Messages[Name] }[A] & string

export type WordValues = Readonly<Record<string, string | number | boolean | Date>>

/** What `Intl` is asked for. Arabic has Latin digits, English the day before the month. */
export const intlTags: Readonly<Record<Locale, string>> = {
  ru: 'ru-RU',
  en: 'en-GB',
  es: 'es-ES',
  fr: 'fr-FR',
  ar: 'ar-u-nu-latn-ca-gregory',
  zh: 'zh-CN',
  uk: 'uk-UA',
}

/** Each language by its own name, for the language choice. */
export const localeNames: Readonly<Record<Locale, string>> = {
  ru: 'Русский',
  en: 'English',
  es: 'Español',
  fr: 'Français',
  ar: 'العربية',
  zh: '中文',
  uk: 'Українська',
}
