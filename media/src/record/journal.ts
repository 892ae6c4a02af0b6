/** What is known for certain about a recording: one checksummed JSON line per fact, appended and synced after its bytes. */
import { crc32 } from 'node:zlib'

export interface InitFact {
  readonly kind: 'init'
  readonly file: string
  readonly bytes: number
}

export interface SegmentFact {
  readonly kind: 'segment'
  readonly file: string
  readonly init: string
  readonly bytes: number
  readonly crc: number
  readonly durationUs: number
  readonly programAt: number
  readonly discontinuity: boolean
  readonly independent: boolean
}

export interface EndFact {
  readonly kind: 'end'
  readonly reason: string
}

export type Fact = InitFact | SegmentFact | EndFact

export const JOURNAL = 'journal.jsonl'

export function writeFact(fact: Fact): string {
  const json = JSON.stringify(fact)
  return `${sum(json)} ${json}\n`
}

/** Facts up to the first line that is torn or damaged, and how many bytes of the file they take. */
export function readFacts(journal: string): { facts: Fact[]; validBytes: number } {
  const facts: Fact[] = []
  let at = 0
  for (;;) {
    const end = journal.indexOf('\n', at)
    const line = journal.slice(at, end)
    const json = line.slice(9)
    if (end < 0 || line.slice(0, 9) !== `${sum(json)} `) break
    // The checksum vouches for the shape: only writeFact() makes such lines.
    facts.push(JSON.parse(json) as Fact)
    at = end + 1
  }
  return { facts, validBytes: Buffer.byteLength(journal.slice(0, at)) }
}

const sum = (text: string): string => crc32(text).toString(16).padStart(8, '0')
