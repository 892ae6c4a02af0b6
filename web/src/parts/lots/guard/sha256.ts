/** SHA-256 (FIPS 180-4) of short ASCII texts, at once: the browser's own answers one promise at a time, too slow for a puzzle. */

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2). */
const rounds = new Uint32Array(64)
/** Of the square roots of the first 8 (5.3.3). */
const start = new Uint32Array(8)
fillConstants()

function fillConstants(): void {
  let found = 0
  for (let n = 2; found < 64; n++) {
    let prime = true
    for (let by = 2; by * by <= n; by++) if (n % by === 0) prime = false
    if (!prime) continue
    if (found < 8) start[found] = fraction(Math.sqrt(n))
    rounds[found++] = fraction(Math.cbrt(n))
  }
}

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32)
}

const words = new Uint32Array(64)
const bytes = new Uint8Array(128)
const view = new DataView(bytes.buffer)
const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by))

/** The first 32 bits of the digest; texts of at most 119 bytes, which fit two blocks. */
export function firstBits(text: string): number {
  if (text.length > 119) throw new Error('too long a text')
  const blocks = text.length > 55 ? 2 : 1
  bytes.fill(0)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  bytes[text.length] = 0x80
  view.setUint32(blocks * 64 - 4, text.length * 8)
  const state = Uint32Array.from(start)
  for (let block = 0; block < blocks; block++) compress(state, block * 64)
  return state[0] as number
}

/** 6.2.2, steps 1 to 4. */
function compress(state: Uint32Array, from: number): void {
  const w = words
  for (let t = 0; t < 16; t++) w[t] = view.getUint32(from + t * 4)
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] as number
    const y = w[t - 2] as number
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10)
    w[t] = (w[t - 16] as number) + s0 + (w[t - 7] as number) + s1
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number]
  for (let t = 0; t < 64; t++) {
    const one =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (rounds[t] as number) + (w[t] as number)) | 0
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  for (const [i, value] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i] as number) + value
}
