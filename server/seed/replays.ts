import { readFile } from 'node:fs/promises'
import { readClip } from '@efir/media/publish/clip.ts'
import { type Ctx, type Kernel, openCtx, systemActor } from '../src/kernel/context.ts'
import { sql } from '../src/kernel/sql.ts'
import { recordingPrefix } from '../src/modules/media/rules.ts'
import { takeRecording } from '../src/modules/media/verbs/recordings.ts'
import { composeClip } from './clip/compose.ts'
import { programOf, replayProductMs } from './clip/program.ts'
import { type DemoWorld, idOf, type Replay } from './facts.ts'
import { recordClip } from './record.ts'
import { seedShows } from './shows.ts'

/** Writes the recordings that are missing; one that was cut short by a kill is written anew. */
export async function makeReplays(kernel: Kernel, world: DemoWorld, signal: AbortSignal): Promise<number> {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'demo replays' })
  let made = 0
  for (const replay of world.replays) {
    if (signal.aborted) return made
    const known = await ctx.maybe(sql`select 1 from media.recording where session_id = ${replay.sessionId}`)
    if (known === null && (await makeReplay(ctx, world, replay))) made++
  }
  return made
}

async function makeReplay(ctx: Ctx, world: DemoWorld, replay: Replay): Promise<boolean> {
  const { sessionId, startedAt, endedAt } = replay
  const show = seedShows.find((s) => s.id === replay.name)
  if (!show?.clip || !show.clipFile) return false
  const showId = idOf(world.shows, show.id)
  const prefix = recordingPrefix(showId, sessionId)
  await ctx.storage.deleteBelow(prefix)
  const dir = await ctx.storage.folder(prefix)
  // A storage without a folder on this disk has no replays of the demo world.
  if (dir === null) return false
  const clip = composeClip(readClip(await readFile(show.clipFile)), programOf(show.clip, replayProductMs))
  const { recording, error } = await recordClip(clip, { dir, startAt: startedAt })
  if (recording === null) throw new Error(`the replay ${show.id} was not recorded: ${String(error)}`)
  const shopId = idOf(world.shops, show.producerShopId)
  await ctx.transaction((tx) => takeRecording(tx, { streamId: showId, shopId, sessionId, startedAt, endedAt }))
  return true
}
