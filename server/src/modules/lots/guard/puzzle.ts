import { createHash } from 'node:crypto'
import { puzzleText } from '@efir/contract/puzzle.ts'
import type { Challenge } from '../ports.ts'

/** Leading zero bits that an answer's digest has: about a quarter of a million tries, half a second of a phone. */
export const puzzleBits = 18

/** The challenge that needs nobody else: work that one viewer does once and a thousand bought accounts do a thousand times (hashcash). */
export const puzzleChallenge: Challenge = {
  kind: 'puzzle',
  bits: puzzleBits,
  async solved({ lotId, opensAt, personId, proof }) {
    if (!/^[0-9a-z]{1,20}$/.test(proof)) return false
    const digest = createHash('sha256').update(puzzleText({ lotId, opensAt, personId, proof })).digest()
    return Math.clz32(digest.readUInt32BE(0)) >= puzzleBits
  },
}
