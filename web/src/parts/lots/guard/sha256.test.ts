import { createHash } from 'node:crypto'
import { puzzleText } from '@efir/contract/puzzle.ts'
import { expect, test } from 'vitest'
import { firstBits } from './sha256.ts'
import { solve } from './solve.ts'

test('every length within two blocks gives the digest that everybody else gets', () => {
  for (let length = 0; length < 120; length++) {
    const text = 'abcdefghijklmnopqrstuvwxyz0123456789:_'.repeat(4).slice(0, length)
    expect(firstBits(text)).toBe(createHash('sha256').update(text).digest().readUInt32BE(0))
  }
  expect(() => firstBits('a'.repeat(120))).toThrow()
})

test('a solved puzzle has its zero bits, and an unsolvable one ends', () => {
  const of = { lotId: `lot_${'0'.repeat(26)}`, opensAt: 1_700_000_000_000, personId: `per_${'0'.repeat(26)}` }
  const proof = solve({ ...of, bits: 12 }, 1_000_000) as string
  const digest = createHash('sha256')
    .update(puzzleText({ ...of, proof }))
    .digest()
  expect(Math.clz32(digest.readUInt32BE(0))).toBeGreaterThanOrEqual(12)
  expect(solve({ ...of, bits: 32 }, 100)).toBeNull()
})
