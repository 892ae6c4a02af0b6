import { expect, test } from 'vitest'
import { blockListOf, type ChatPolicy, type ChatWish, chatRefusal, cleanLine, hasBlockedWord } from './rules.ts'

const list = blockListOf(['scam', 'дурак', 'idiot*', 'buy elsewhere', '骗子', 'نصاب', 'Straße'])

test.each([
  'this is a SCAM',
  'scám!',
  'a ¡SCAM!!',
  '$cam',
  'what an id!ot',
  'sсam with a Cyrillic letter',
  's c a m',
  'scaaaam',
  '5cam',
  's.c.a.m',
  'ѕсам',
  'ｓｃａｍ',
  'sc\u00adam',
  'sc\u200bam',
  'вы дурак',
  'ДУРАК',
  'дурaк with a Latin letter',
  'д у р а к',
  'idiots',
  'IDIOTIC',
  'please buy   elsewhere now',
  '他是骗子吗',
  'انت نَصّاب',
  'strasse',
  'STRASSE',
])('[ROOM17] a blocked word is found: %s', (line) => expect(hasBlockedWord(line, list)).toBe(true))

test.each([
  'scampi are good',
  'дураки живут',
  'an idol',
  'buy it elsewhere',
  '好看',
  'a s is a word',
  '',
  '☕️',
  'why so $$$',
  '*',
])('[ROOM17] a word that is not blocked passes: %s', (line) => expect(hasBlockedWord(line, list)).toBe(false))

test('an empty or star-only blocked word blocks nothing', () => {
  expect(hasBlockedWord('anything', blockListOf(['*', '  ', '!?']))).toBe(false)
})

const policy: ChatPolicy = {
  state: 'live',
  slowMs: 10_000,
  words: list,
  muted: new Map([['per_m', 5_000]]),
  banned: new Set(['per_b']),
}
const wish: ChatWish = { personId: 'per_1', marked: false, text: 'hello', lastAt: null, now: 1_000 }

test('[ROOM17] the first reason counts: state, ban, mute, slow mode, words', () => {
  const code = (p: Partial<ChatPolicy>, w: Partial<ChatWish>) => chatRefusal({ ...policy, ...p }, { ...wish, ...w })?.code ?? null
  const all = { lastAt: 900, text: 'scam' }
  expect(code({ state: 'ended', banned: new Set(['per_1']) }, all)).toBe('show_state')
  expect(code({ muted: new Map([['per_b', 5_000]]) }, { ...all, personId: 'per_b' })).toBe('chat_banned')
  expect(code({}, { ...all, personId: 'per_m' })).toBe('chat_muted')
  expect(code({}, { personId: 'per_m', now: 5_000 })).toBeNull()
  expect(code({}, all)).toBe('chat_slow')
  expect(code({}, { text: 'scam' })).toBe('chat_blocked_word')
  expect(code({}, {})).toBeNull()
})

test('[ROOM17] slow mode tells how long to wait and marked people are neither slowed nor blocked', () => {
  expect(chatRefusal(policy, { ...wish, lastAt: 500 })).toEqual({ code: 'chat_slow', params: { retryInMs: 9_500 } })
  expect(chatRefusal({ ...policy, slowMs: 0 }, { ...wish, lastAt: 900 })).toEqual({
    code: 'chat_slow',
    params: { retryInMs: 600 },
  })
  expect(chatRefusal(policy, { ...wish, lastAt: 900, text: 'scam', marked: true })).toBeNull()
  expect(chatRefusal(policy, { ...wish, personId: 'per_m', marked: true })?.code).toBe('chat_muted')
})

test('a line is one line of plain text of at most 300 letters', () => {
  expect(cleanLine('  a\n\tb\u0000  c ')).toBe('a b c')
  expect(cleanLine('\u202eevil\u202c')).toBe('evil')
  expect(cleanLine(' \u200b\n ')).toBeNull()
  expect(Array.from(cleanLine('👍'.repeat(400)) ?? '')).toHaveLength(300)
  expect(cleanLine(`z${'\u0301'.repeat(50)}`)?.normalize('NFD')).toHaveLength(1 + 5)
  expect(cleanLine('👩‍👩‍👧 سلام می‌خواهم')).toBe('👩‍👩‍👧 سلام می‌خواهم')
})
