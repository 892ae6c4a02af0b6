import type { LiveShow, OriginLimits, PartMark, SegmentMark, ServeOptions } from '../hls/origin.ts'
import { createOrigin } from '../hls/origin.ts'
import type { PackagerAdvice, PackagerRefusal } from '../hls/packager.ts'
import type { Segment } from '../hls/segment.ts'
import type { Stream } from '../stream.ts'
import { openStream } from '../stream.ts'
import type { FragmentRead } from '../wire/fmp4/read.ts'
import { readFragments, readTracks } from '../wire/fmp4/read.ts'
import type { FakeClock } from './fake-clock.ts'
import { fakeClock } from './fake-clock.ts'
import type { OriginServer } from './origin-server.ts'
import { serveOrigin } from './origin-server.ts'

export interface LiveWorld {
  readonly clock: FakeClock
  readonly stream: Stream
  readonly show: LiveShow
  readonly server: OriginServer
  readonly segments: Segment[]
  readonly partMarks: PartMark[]
  readonly segmentMarks: SegmentMark[]
  readonly advice: PackagerAdvice[]
  readonly refusals: PackagerRefusal[]
  readonly failures: unknown[]
  /** `path` below the show, such as `live.m3u8`. */
  get(path: string, init?: RequestInit): Promise<Response>
  text(path: string): Promise<string>
  close(): Promise<void>
}

/** One show on a real origin over real HTTP; only time is made. */
export async function liveWorld(options: ServeOptions & { readonly origin?: Partial<OriginLimits> } = {}): Promise<LiveWorld> {
  const clock = fakeClock()
  const failures: unknown[] = []
  const stream = openStream({ id: 'show', clock, onSinkFailed: (error) => failures.push(error) })
  const origin = createOrigin({ clock, limits: options.origin })
  const partMarks: PartMark[] = []
  const segmentMarks: SegmentMark[] = []
  const advice: PackagerAdvice[] = []
  const refusals: PackagerRefusal[] = []
  const show = origin.serve(stream, {
    firstSequence: 0,
    onPart: (mark) => partMarks.push(mark),
    onSegment: (mark) => segmentMarks.push(mark),
    onAdvice: (given) => advice.push(given),
    onRefused: (refusal) => refusals.push(refusal),
    ...options,
  })
  const segments: Segment[] = []
  show.listen({ segment: (segment) => segments.push(segment) })
  const server = await serveOrigin(origin)
  const get = (path: string, init?: RequestInit) => fetch(`${server.url}show/${path}`, init)
  return {
    clock,
    stream,
    show,
    server,
    segments,
    partMarks,
    segmentMarks,
    advice,
    refusals,
    failures,
    get,
    text: async (path) => (await get(path)).text(),
    async close() {
      origin.close()
      await server.close()
    },
  }
}

export interface Written {
  readonly track: 'video' | 'audio'
  readonly ptsUs: number
  readonly dtsUs: number
  readonly endUs: number
  readonly key: boolean
  readonly data: Buffer
}

/** What a player would find in a segment, in microseconds of the media timeline. */
export function written(segment: Segment): Written[] {
  const tracks = readTracks(segment.init.bytes)
  return readFragments(Buffer.concat(segment.parts.map(({ bytes }) => bytes)), tracks).flatMap((run: FragmentRead) => {
    const track = tracks.find(({ trackId }) => trackId === run.trackId)
    if (track === undefined) throw new Error(`track ${run.trackId} is not in the init segment`)
    const us = (time: number) => (time / track.timescale) * 1_000_000
    return run.samples.map(({ time, duration, compositionOffset, key, data }) => ({
      track: track.config.track,
      dtsUs: us(time),
      ptsUs: us(time + compositionOffset),
      endUs: us(time + duration),
      key,
      data,
    }))
  })
}

/** Values of one tag, in order. */
export function tags(playlist: string, tag: string): string[] {
  return playlist
    .split('\n')
    .filter((line) => line.startsWith(`#${tag}:`) || line === `#${tag}`)
    .map((line) => line.slice(tag.length + 2))
}
