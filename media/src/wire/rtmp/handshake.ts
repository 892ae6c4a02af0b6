/** The simple handshake (section 5.2): C0 C1 -> S0 S1 S2, then C2. Encoders accept it; the digest variant is only asked for by Flash players. */
export const VERSION = 3
export const PART = 1536

/** S0 + S1 + S2 for a C0 + C1 of 1537 bytes. */
export function answerHandshake(c0c1: Buffer, random: Buffer): Buffer {
  const s1 = Buffer.alloc(PART)
  random.copy(s1, 8, 0, Math.min(random.length, PART - 8))
  const c1 = c0c1.subarray(1, 1 + PART)
  return Buffer.concat([Buffer.of(VERSION), s1, c1])
}

export function beginHandshake(random: Buffer): Buffer {
  const out = Buffer.alloc(1 + PART)
  out[0] = VERSION
  random.copy(out, 9, 0, Math.min(random.length, PART - 8))
  return out
}
