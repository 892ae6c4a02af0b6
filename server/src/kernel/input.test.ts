import { expect, test } from 'vitest'
import { refuseBrokenText } from './input.ts'

const refused = (text: string) => {
  try {
    refuseBrokenText({ a: [{ b: text }] })
    return false
  } catch {
    return true
  }
}

test('texts of every language pass, with the joiners and marks that they need', () => {
  for (const text of [
    '',
    '  ',
    'Plain text, 12 % — «кавычки»',
    'Привіт, ґанок',
    'نص عربي مع تشكيلٌ‏ و\u200eLatin\u200e',
    '\u202a+20 100 123\u202c',
    'می‌خواهم',
    'हिन्दी क्षत्रिय',
    '👨‍👩‍👧‍👦 🏳️‍🌈',
    '每日新鲜',
    'Tiếng Việt ộ',
    'line\nbreak\tand tab',
    'e\u0301\u0323\u0302',
  ])
    expect([text, refused(text)]).toEqual([text, false])
})

test('what would be read as something else, spill over others or be invisible is refused', () => {
  for (const text of [
    'a\0b',
    '\ud800',
    'invoice\u202egpj.exe',
    '\u202dabc',
    `Z${'\u0301'.repeat(9)}`,
    '\u200b\u200b',
    '\ufeff \u2060',
    '\u3164',
    '\u2800',
  ])
    expect([JSON.stringify(text), refused(text)]).toEqual([JSON.stringify(text), true])
})

test('a long text is judged in one walk', () => {
  // What takes the square of its length does not come back from these in the time of a test.
  for (const unit of ['\u200b', 'a\u0301', ' ', '\u202c']) refused(`${unit.repeat(500_000)}a`)
})
