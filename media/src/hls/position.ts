/** Blocking playlist reload: where a client wants the playlist to be (draft-pantos-hls-rfc8216bis section 6.2.5.2). */
import type { Window } from './window.ts'

export interface Directives {
  readonly sequence: number | null
  readonly part: number | null
  readonly skip: boolean
}

/** Undefined when the query makes no sense: 400. */
export function readDirectives(query: URLSearchParams): Directives | undefined {
  const sequence = readInteger(query.get('_HLS_msn'))
  const part = readInteger(query.get('_HLS_part'))
  if (sequence === undefined || part === undefined || (part !== null && sequence === null)) return undefined
  const skip = query.get('_HLS_skip')
  return { sequence, part, skip: skip === 'YES' || skip === 'v2' }
}

function readInteger(value: string | null): number | null | undefined {
  if (value === null) return null
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

export function reached(window: Window, sequence: number, part: number | null): boolean {
  if (window.ended) return true
  const newest = window.newest?.sequence ?? -1
  if (part === null) return sequence <= newest
  if (sequence > newest) return window.growing?.sequence === sequence && window.growing.parts.length > part
  // Past the last part of a finished segment means the first part of the next one.
  const asked = window.segment(sequence)
  return asked === undefined || part < asked.parts.length || newest > sequence || window.growing !== undefined
}

/** So far ahead that waiting would hide a mistake of the client: 400. */
export function tooFar(window: Window, sequence: number, part: number | null, partTargetUs: number): boolean {
  if (window.ended) return false
  const newest = window.newest?.sequence ?? -1
  if (sequence > newest + 2) return true
  const advance = Math.ceil(3_000_000 / Math.min(partTargetUs, 1_000_000))
  const listed = window.growing?.sequence === sequence ? window.growing.parts.length : 0
  return part !== null && sequence > newest && part > listed - 1 + advance
}
