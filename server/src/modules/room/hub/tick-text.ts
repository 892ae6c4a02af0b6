import type { EventMessage, StateMessage } from '@efir/contract/room/down.ts'
import { frameText } from './frame.ts'
import type { Entry } from './ring.ts'

/** Only the newest value of each key, and every event. */
export function newest(entries: readonly Entry[]): readonly Entry[] {
  const last = new Map<string, Entry>()
  for (const entry of entries) if (entry.key !== null) last.set(entry.key, entry)
  return entries.filter((entry) => entry.key === null || last.get(entry.key) === entry)
}

/** Joins what is encoded already; no message is encoded twice. */
export function tickText(tick: { frame?: number; prev?: number; seq?: number; m?: readonly Entry[]; d?: string }): string {
  let text = '{"t":"tick"'
  if (tick.frame !== undefined) text += `,"frame":${tick.frame}`
  if (tick.m) text += `,"prev":${tick.prev},"seq":${tick.seq},"m":[${tick.m.map((entry) => entry.text).join(',')}]`
  if (tick.d) text += `,"d":${tick.d}`
  return `${text}}`
}

/** The messages of a frame that another process encoded, with the same texts. */
export function entriesOf(composed: { prev: number; seq: number; plain: Buffer | null }): Entry[] {
  if (!composed.plain || composed.seq === composed.prev) return []
  const { m } = JSON.parse(frameText(composed.plain)) as { m: (StateMessage | EventMessage)[] }
  return m.map((message) => {
    const text = JSON.stringify(message)
    return 'k' in message ? { seq: message.v, key: message.k, text } : { seq: message.seq, key: null, text }
  })
}
