import { randomBytes } from 'node:crypto'
import { type IdKind, type IdOf, idPrefixes } from '@efir/contract/scalars.ts'

/** Makes sortable ids: prefix + UUIDv7 (RFC 9562, 5.7) as 26 characters of lower-case Crockford base32. */
export interface Ids {
  make<K extends IdKind>(kind: K): IdOf<K>
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

export function openIds(now: () => number, random: (size: number) => Uint8Array = pooled()): Ids {
  let lastMs = 0
  let step = 0
  return {
    make(kind) {
      const ms = Math.max(now(), lastMs)
      step = ms === lastMs ? step + 1 : 0
      lastMs = step > 0xfff ? ms + 1 : ms
      if (step > 0xfff) step = 0
      return `${idPrefixes[kind]}_${base32(uuid7(lastMs, step, random(8)))}`
    },
  }
}

/** One call to the system for a thousand ids: each would cost more than the id itself. */
function pooled(): (size: number) => Uint8Array {
  let pool = new Uint8Array(0)
  let used = 0
  return (size) => {
    if (used + size > pool.length) {
      pool = randomBytes(8192)
      used = 0
    }
    used += size
    return pool.subarray(used - size, used)
  }
}

/** 128 bits: 48 time, 4 version, 12 counter (keeps ids of one millisecond in order), 2 variant, 62 random. */
function uuid7(ms: number, step: number, random: Uint8Array): bigint {
  let tail = 0n
  for (const byte of random) tail = (tail << 8n) | BigInt(byte)
  tail = (tail & 0x3fff_ffff_ffff_ffffn) | (2n << 62n)
  return (BigInt(ms) << 80n) | (7n << 76n) | (BigInt(step) << 64n) | tail
}

function base32(value: bigint): string {
  let text = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += letters[Number((value >> shift) & 31n)]
  return text
}

/** When the id was made, epoch ms. */
export function madeAt(id: string): number {
  const text = id.slice(id.indexOf('_') + 1)
  let value = 0n
  for (const letter of text) value = (value << 5n) | BigInt(letters.indexOf(letter))
  return Number(value >> 80n)
}
