import type { Locale, LocalText } from '@efir/contract/scalars.ts'

export interface PersonRow {
  id: string
  kind: 'guest' | 'account'
  name: string
  email: string | null
  email_verified_at: number | null
  locale: Locale
  country: string | null
  picture: string | null
  bio: LocalText
  claimed_by: string | null
  operator: boolean
  demo: boolean
  created_at: number
}

export interface ShopRow {
  id: string
  slug: string
  name: string
  about: LocalText
  market: string
  country: string
  currency: string
  logo: string | null
  banner: string | null
  settings: ShopSettingsRow
  demo: boolean
  created_at: number
}

export interface ShopSettingsRow {
  reservationMinutes?: number
  payFirst?: boolean
  recordingDays?: number
  returnDays?: number
  taxRate?: number
  mail?: string
  blockWords?: string[]
}

/** How a session began. */
export type Way = 'code' | 'password' | 'passkey' | 'outside' | 'demo' | 'setup' | 'guest'

export interface SessionRow {
  id: string
  person_id: string
  secret_hash: Buffer
  expires_at: number
  ended_at: number | null
}
