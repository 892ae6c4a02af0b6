import { puzzleText } from '@efir/contract/puzzle.ts'
import { firstBits } from './sha256.ts'

export interface Puzzle {
  readonly lotId: string
  readonly opensAt: number
  readonly personId: string
  readonly bits: number
}

/** The first answer from 0 on; null when there is none within `most` tries. */
export function solve({ bits, ...of }: Puzzle, most: number): string | null {
  for (let n = 0; n < most; n++) {
    const proof = n.toString(36)
    if (Math.clz32(firstBits(puzzleText({ ...of, proof }))) >= bits) return proof
  }
  return null
}
