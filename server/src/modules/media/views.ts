import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/media.ts'
import type { StreamStats } from '@efir/media/hook-events.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { at, sql } from '../../kernel/sql.ts'
import { signPlayback } from './rules.ts'

export async function streamKeys(ctx: Ctx, input: In<typeof contract.streamKeys>): Promise<Out<typeof contract.streamKeys>> {
  const rows = await ctx.rows<{ id: string; label: string; hint: string; created_at: number; used_at: number | null }>(
    sql`select id, label, hint, created_at, used_at from media.stream_key where stream_id = ${input.showId} and revoked_at is null
        and (expires_at is null or expires_at > ${at(ctx.now())}) order by id`,
  )
  return {
    keys: rows.map((r) => ({ id: r.id, label: r.label, hint: r.hint, createdAt: r.created_at, usedAt: r.used_at ?? undefined })),
  }
}

interface SessionRow {
  id: string
  state: 'live' | 'grace' | 'ended'
  protocol: 'whip' | 'rtmp'
  grace_until: number | null
  stats: Partial<StreamStats>
  advice: { code: string; detail: Record<string, string | number> } | null
  recording: string | null
  reason: string | null
}

export async function streamState(ctx: Ctx, input: In<typeof contract.streamState>): Promise<Out<typeof contract.streamState>> {
  const session = await ctx.maybe<SessionRow>(
    sql`select s.id, s.state, s.protocol, s.grace_until, s.stats, s.advice, r.state as recording, r.reason from media.session s left join media.recording r on r.session_id = s.id
        where s.stream_id = ${input.showId} order by s.started_at desc limit 1`,
  )
  const refused = await ctx.maybe<{ code: string; at: number; detail: Record<string, string | number> }>(
    sql`select code, at, detail from media.refused where stream_id = ${input.showId}`,
  )
  const stats = session?.stats ?? {}
  return {
    state: session && session.state !== 'ended' ? session.state : 'off',
    protocol: session?.protocol,
    bitrateKbps: Math.round(stats.bitrateKbps ?? 0),
    fps: stats.fps ?? 0,
    lossRatio: stats.lossRatio ?? 0,
    rttMs: stats.rttMs ?? undefined,
    width: stats.width ?? 0,
    height: stats.height ?? 0,
    keyframeIntervalMs: stats.keyframeIntervalMs ?? undefined,
    reconnects: stats.reconnects ?? 0,
    graceUntilAt: session?.grace_until ?? undefined,
    refusal: refused ?? undefined,
    advice: session?.advice ?? undefined,
    recording: session?.recording === 'on' ? 'on' : session?.recording === 'stopped' ? 'stopped' : 'off',
    recordingReason: session?.reason ?? undefined,
  }
}

export interface ReplayFacts {
  readonly url: string
  readonly startAt: number
  readonly durationMs: number
  /** One after the other in the replay: media that died in the middle leaves two recordings of one show. */
  readonly parts: readonly { readonly sessionId: string; readonly startAt: number; readonly durationMs: number }[]
}

/** Address of the live picture; signed when the stream is private. */
export function liveUrl(streamId: string, playbackKey: string | null, now: number): string {
  const token = playbackKey ? `?t=${signPlayback(playbackKey, streamId, now + 12 * 3_600_000)}` : ''
  return `/media/live/${streamId}/index.m3u8${token}`
}

/** A slip of the finger at the encoder is no part of a show. */
const shortestPartMs = 5_000

/** All finished recordings of the stream that are still kept, in the order of the show. */
export async function replayOf(q: Queries, streamId: string): Promise<ReplayFacts | null> {
  const rows = await q.rows<{ session_id: string; first_picture_at: number; duration_ms: number }>(
    sql`select session_id, first_picture_at, duration_ms from media.recording where stream_id = ${streamId} and state = 'ready' and first_picture_at is not null
        order by duration_ms desc limit 20`,
  )
  const [longest] = rows
  if (longest === undefined) return null
  const parts = rows
    .filter((row) => row === longest || row.duration_ms >= shortestPartMs)
    .map((row) => ({ sessionId: row.session_id, startAt: row.first_picture_at, durationMs: row.duration_ms }))
    .toSorted((a, b) => a.startAt - b.startAt)
  return {
    url: `/media/replay/${streamId}/${parts.length === 1 ? longest.session_id : 'whole'}/vod.m3u8`,
    startAt: parts[0]?.startAt ?? longest.first_picture_at,
    durationMs: parts.reduce((sum, { durationMs }) => sum + durationMs, 0),
    parts,
  }
}

/** Where an instant of the show is in its replay; one between two parts is the beginning of the second. */
export function positionInReplay({ parts }: Pick<ReplayFacts, 'parts'>, at: number): number {
  let before = 0
  for (const { startAt, durationMs } of parts) {
    if (at < startAt + durationMs) return before + Math.max(0, at - startAt)
    before += durationMs
  }
  return before
}
