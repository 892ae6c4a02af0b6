import type { ChatLine } from '@efir/contract/room/down.ts'
import type { Composed, RoomImage } from '../hub/image.ts'

/** What processes that have the same room tell one another: a kind, a JSON head, and bytes that are passed on as they are. */
export type Told =
  | { readonly kind: 'frame'; readonly by: string; readonly term: number; readonly composed: Composed }
  | { readonly kind: 'ask'; readonly by: string }
  | { readonly kind: 'image'; readonly by: string; readonly image: RoomImage }
  | { readonly kind: 'sums'; readonly by: string; readonly sums: Sums }
  | { readonly kind: 'line'; readonly by: string; readonly line: ChatLine }
  | { readonly kind: 'gone'; readonly by: string }

/** What one process says of its viewers, instead of each of them. */
export interface Sums {
  readonly viewers: number
  readonly desk: number
  readonly size: number
  /** Bucket and count of the delays reported. */
  readonly delays: readonly [number, number][]
  /** Reactions since the last time. */
  readonly react: readonly (readonly [string, number])[]
}

const none = new Uint8Array(0)
const streams = ['plain', 'full', 'desk'] as const

export function pack(told: Told): Buffer {
  if (told.kind !== 'frame') return packed(told, [])
  const { plain, full, desk, ...numbers } = told.composed
  // Streams are often the same bytes: each is sent once and named by its place.
  const parts = [...new Set([plain, full, desk].filter((part) => part !== null))]
  const at = [plain, full, desk].map((part) => (part === null ? -1 : parts.indexOf(part)))
  const { kind, by, term } = told
  return packed({ kind, by, term, numbers, at, sizes: parts.map((part) => part.length) }, parts)
}

function packed(head: object, parts: readonly Uint8Array[]): Buffer {
  const text = Buffer.from(JSON.stringify(head))
  const size = Buffer.alloc(4)
  size.writeUInt32BE(text.length)
  return Buffer.concat([size, text, ...parts])
}

export function unpack(bytes: Uint8Array): Told {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 4 + buffer.readUInt32BE(0)
  const head = JSON.parse(buffer.subarray(4, end).toString()) as Told & { at: number[]; sizes: number[]; numbers: object }
  if (head.kind !== 'frame') return head
  let from = end
  const parts = head.sizes.map((size) => {
    // A copy: viewers may be slow to take it, and it must not hold what came with it.
    const part = Buffer.concat([buffer.subarray(from, from + size), none])
    from += size
    return part
  })
  const of = (index: number): Buffer | null => parts[head.at[index] ?? -1] ?? null
  const [plain, full, desk] = streams.map((_, index) => of(index)) as [Buffer | null, Buffer | null, Buffer | null]
  return { kind: 'frame', by: head.by, term: head.term, composed: { ...(head.numbers as Composed), plain, full, desk } }
}
