import { testTokenOf } from '@efir/contract/payments.ts'

/** A card form of the built-in test provider: the number becomes a token here and is never sent. */
export interface CardDraft {
  readonly number: string
  readonly expiry: string
  readonly code: string
}

export const emptyCard: CardDraft = { number: '', expiry: '', code: '' }
export type CardProblem = 'number' | 'number_unknown' | 'expiry' | 'expired' | 'code'
export type CardProblems = Partial<Record<keyof CardDraft, CardProblem>>

export const digitsOf = (text: string): string => text.replace(/\D/g, '')

/** 4242 4242 4242 4242, as it stands on the card. */
export const groupNumber = (text: string): string =>
  digitsOf(text)
    .slice(0, 19)
    .replace(/(\d{4})(?=\d)/g, '$1 ')

/** 1 becomes 1, 13 becomes 01/3, 1227 becomes 12/27; taking away the slash works too. */
export function groupExpiry(text: string): string {
  let digits = digitsOf(text).slice(0, 4)
  if (/^[2-9]/.test(digits) || /^1[3-9]/.test(digits)) digits = `0${digits}`.slice(0, 4)
  return digits.length > 2 ? `${digits.slice(0, 2)}/${digits.slice(2)}` : digits
}

/** ISO/IEC 7812-1, annex B: the check digit finds every single wrong digit. */
export function luhn(number: string): boolean {
  const digits = [...digitsOf(number)].reverse().map(Number)
  const sum = digits.reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0)
  return digits.length >= 12 && sum % 10 === 0
}

export function cardProblems(card: CardDraft, now: number): CardProblems {
  const problems: CardProblems = {}
  if (testTokenOf(card.number) === null) problems.number = luhn(card.number) ? 'number_unknown' : 'number'
  const [month = 0, year = 0] = card.expiry.split('/').map(Number)
  if (!/^\d\d\/\d\d$/.test(card.expiry) || month < 1 || month > 12) problems.expiry = 'expiry'
  // Valid through the last day of its month.
  else if (Date.UTC(2000 + year, month, 1) <= now) problems.expiry = 'expired'
  if (!/^\d{3,4}$/.test(card.code)) problems.code = 'code'
  return problems
}

export const lastFour = (card: CardDraft): string => digitsOf(card.number).slice(-4)
export const tokenOf = (card: CardDraft): string | null => testTokenOf(card.number)
