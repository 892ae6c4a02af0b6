import { type Figure, level, spread, total } from '../../kernel/figures.ts'
import type { Hub } from './hub/hub.ts'

/** Counted while frames go out: once per frame, never per viewer. */
export function openFrameFigures() {
  const sizes = spread(
    { name: 'efir_room_frame_bytes', help: 'Size of the shared frames, one per tick and kind of viewer' },
    [200, 1_000, 5_000, 20_000, 100_000],
  )
  const counts = { frames: 0, bytes: 0 }
  return {
    sent(bytes: number, viewers: number): void {
      sizes.observe(bytes)
      counts.frames += viewers
      counts.bytes += bytes * viewers
    },
    figures: [
      sizes,
      total({ name: 'efir_room_frames_total', help: 'Frames written, one per viewer' }, (put) => put(counts.frames)),
      total({ name: 'efir_room_sent_bytes_total', help: 'Bytes of frames written to viewers' }, (put) => put(counts.bytes)),
    ] as readonly Figure[],
  }
}

export function roomFigures(hub: Hub): readonly Figure[] {
  return [
    level({ name: 'efir_rooms', help: 'Rooms open in this process' }, (put) => put(hub.open().length)),
    level({ name: 'efir_room_connections', help: 'Connections of this process, also those that have not joined' }, (put) =>
      put(hub.size),
    ),
    level({ name: 'efir_room_connections_most', help: 'Connections this process takes' }, (put) => put(hub.limits.connections)),
    level(
      {
        name: 'efir_room_viewers',
        help: 'Viewers of this process by what they get: full, lean (no chat) or held (nothing until they have drained)',
        labels: ['rung'],
      },
      (put) => {
        for (const [rung, count] of Object.entries(hub.standing())) put(count, { rung })
      },
    ),
    total({ name: 'efir_room_closed_total', help: 'Connections closed by us', labels: ['reason'] }, (put) => {
      for (const [reason, count] of hub.closes) put(count, { reason })
    }),
  ]
}
