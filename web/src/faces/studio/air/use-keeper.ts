import type { Out } from '@efir/contract/act.ts'
import {
  banPerson,
  deleteMessage,
  mutePerson,
  pinMessage,
  roomSettings,
  setBlockWords,
  setSlowMode,
} from '@efir/contract/room.ts'
import type { Problem } from '../../../net/api.ts'
import { useAct, useView } from '../../../net/query.ts'

const settingsChanged = [roomSettings] as const

export interface Keeper {
  readonly settings: Out<typeof roomSettings> | null
  readonly busy: boolean
  readonly problem: Problem | null
  remove(messageId: string): Promise<unknown>
  mute(personId: string, forMs: number): Promise<unknown>
  ban(personId: string, banned: boolean): Promise<unknown>
  pin(messageId: string | null): Promise<unknown>
  slow(intervalMs: number): Promise<unknown>
  block(words: readonly string[]): Promise<unknown>
}

/** What keeps a room in order; hosts and moderators alike. */
export function useKeeper(showId: string): Keeper {
  const settings = useView(roomSettings, { showId })
  const removing = useAct(deleteMessage)
  const muting = useAct(mutePerson, { changes: settingsChanged })
  const banning = useAct(banPerson, { changes: settingsChanged })
  const pinning = useAct(pinMessage)
  const slowing = useAct(setSlowMode, { changes: settingsChanged })
  const blocking = useAct(setBlockWords, { changes: settingsChanged })
  const all = [removing, muting, banning, pinning, slowing, blocking]
  return {
    settings: settings.value ?? null,
    busy: all.some((one) => one.busy),
    problem: all.find((one) => one.problem)?.problem ?? null,
    remove: (messageId) => removing.run({ showId, messageId }),
    mute: (personId, forMs) => muting.run({ showId, personId, forMs }),
    ban: (personId, banned) => banning.run({ showId, personId, banned }),
    pin: (messageId) => pinning.run({ showId, messageId }),
    slow: (intervalMs) => slowing.run({ showId, intervalMs }),
    block: (words) => blocking.run({ showId, words: [...words] }),
  }
}
