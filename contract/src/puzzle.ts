/** What the digest of a puzzle's answer is made of (SHA-256, first bits zero). New for each opening of a lot and each person. */
export const puzzleText = (of: { lotId: string; opensAt: number; personId: string; proof: string }): string =>
  `efir.puzzle.1:${of.lotId}:${of.opensAt}:${of.personId}:${of.proof}`
