import type { RefusalCode } from '@efir/contract/refusals.ts'
import { roomLimits } from '@efir/contract/room/version.ts'

/** Letters that look alike across scripts, after NFKC and folding; blocked words and lines are both read through it. */
const lookAlikes: Readonly<Record<string, string>> = Object.fromEntries([
  ['а', 'a'],
  ['в', 'b'],
  ['с', 'c'],
  ['е', 'e'],
  ['ё', 'e'],
  ['н', 'h'],
  ['і', 'i'],
  ['ї', 'i'],
  ['ј', 'j'],
  ['к', 'k'],
  ['м', 'm'],
  ['о', 'o'],
  ['р', 'p'],
  ['ѕ', 's'],
  ['т', 't'],
  ['у', 'y'],
  ['х', 'x'],
  ['α', 'a'],
  ['β', 'b'],
  ['ε', 'e'],
  ['η', 'n'],
  ['ι', 'i'],
  ['κ', 'k'],
  ['μ', 'm'],
  ['ν', 'v'],
  ['ο', 'o'],
  ['ρ', 'p'],
  ['τ', 't'],
  ['υ', 'y'],
  ['χ', 'x'],
  ['ı', 'i'],
  ['ł', 'l'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['0', 'o'],
  ['1', 'i'],
  ['3', 'e'],
  ['4', 'a'],
  ['5', 's'],
  ['7', 't'],
  ['8', 'b'],
  ['@', 'a'],
  ['$', 's'],
  ['€', 'e'],
  ['أ', 'ا'],
  ['إ', 'ا'],
  ['آ', 'ا'],
  ['ى', 'ي'],
  ['ة', 'ه'],
])
/** Scripts written without spaces: there a blocked word counts anywhere in the line. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u

/** The skeleton of a text for comparing: same sound, other clothes, one result. */
export function skeletonOf(text: string): string {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
  const inner = folded.replace(/(?<=\p{L})[!|](?=\p{L})/gu, 'i')
  const alike = Array.from(inner, (letter) => lookAlikes[letter] ?? letter).join('')
  return alike
    .replace(/[^\p{L}\p{N}*]+/gu, ' ')
    .replace(/(\p{L})\1+/gu, '$1')
    .trim()
}

/** One line of plain text within the limit; null when nothing is left. */
export function cleanLine(text: string): string | null {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    // Invisible letters and direction overrides; the joiners that emoji, Arabic and Indic scripts need stay.
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    // Stacked accents that spill over other lines.
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/\s+/gu, ' ')
    .trim()
  return clean === '' ? null : Array.from(clean).slice(0, roomLimits.chatLetters).join('')
}

export interface BlockList {
  readonly whole: ReadonlySet<string>
  readonly beginnings: readonly string[]
  readonly phrases: readonly string[]
  readonly anywhere: readonly string[]
}

export function blockListOf(words: readonly string[]): BlockList {
  const whole = new Set<string>()
  const beginnings: string[] = []
  const phrases: string[] = []
  const anywhere: string[] = []
  for (const word of words) {
    const skeleton = skeletonOf(word)
    const bare = skeleton.replaceAll('*', '').trim()
    if (bare === '') continue
    if (unspaced.test(bare)) anywhere.push(bare.replaceAll(' ', ''))
    else if (bare.includes(' ')) phrases.push(` ${bare} `)
    else if (skeleton.endsWith('*')) beginnings.push(bare)
    else whole.add(bare)
  }
  return { whole, beginnings, phrases, anywhere }
}

/** Spelled out with spaces ("b a d") counts as the word. */
export function hasBlockedWord(line: string, list: BlockList): boolean {
  const skeleton = skeletonOf(line).replaceAll('*', ' ').replace(/ +/g, ' ')
  const tokens = skeleton.split(' ')
  let run = ''
  for (const token of [...tokens, '  ']) {
    if (token.length === 1) run += token
    else {
      if (run.length > 1) tokens.push(run.replace(/(\p{L})\1+/gu, '$1'))
      run = ''
    }
  }
  if (tokens.some((token) => list.whole.has(token) || list.beginnings.some((beginning) => token.startsWith(beginning))))
    return true
  if (list.phrases.some((phrase) => ` ${skeleton} `.includes(phrase))) return true
  const dense = skeleton.replaceAll(' ', '')
  return list.anywhere.some((word) => dense.includes(word))
}

/** What decides whether a line may be said. */
export interface ChatPolicy {
  readonly state: string
  readonly slowMs: number
  readonly words: BlockList
  /** Until when, epoch ms. */
  readonly muted: ReadonlyMap<string, number>
  readonly banned: ReadonlySet<string>
}

export interface ChatWish {
  readonly personId: string
  readonly marked: boolean
  readonly text: string
  /** When the person last said something here; null when never. */
  readonly lastAt: number | null
  readonly now: number
}

const openStates: ReadonlySet<string> = new Set(['scheduled', 'live', 'paused', 'cut'])
/** Nobody types faster than this. */
const leastMs = 700

export type ChatNo = { readonly code: RefusalCode; readonly params: Record<string, string | number> }

/** The first reason against a line; null when it may be said. Hosts and moderators are not slowed and may say anything. */
export function chatRefusal(policy: ChatPolicy, wish: ChatWish): ChatNo | null {
  if (!openStates.has(policy.state)) return { code: 'show_state', params: { state: policy.state, act: 'chat' } }
  if (policy.banned.has(wish.personId)) return { code: 'chat_banned', params: {} }
  const until = policy.muted.get(wish.personId)
  if (until !== undefined && until > wish.now) return { code: 'chat_muted', params: { untilAt: until } }
  if (wish.marked) return null
  const wait = wish.lastAt === null ? 0 : wish.lastAt + Math.max(policy.slowMs, leastMs) - wish.now
  if (wait > 0) return { code: 'chat_slow', params: { retryInMs: wait } }
  return hasBlockedWord(wish.text, policy.words) ? { code: 'chat_blocked_word', params: {} } : null
}
