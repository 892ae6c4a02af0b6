import { type Figure, level, type Reading, total } from '../../kernel/figures.ts'
import type { MediaReading, WatchedMedia } from './ports.ts'

/** The media process beside this server; nothing but `efir_media_up` when there is none. */
export function mediaFigures(media: WatchedMedia): readonly Figure[] {
  const read =
    (tell: (reading: MediaReading, put: Parameters<Reading>[0]) => void): Reading =>
    async (put) => {
      const reading = await shared()
      if (reading) tell(reading, put)
    }
  let under: Promise<MediaReading | null> | null = null
  /** All figures of one scrape come from one question. */
  function shared(): Promise<MediaReading | null> {
    under ??= media.figures().finally(() => {
      under = null
    })
    return under
  }
  return [
    level({ name: 'efir_media_up', help: '1 when the media process of this server answers' }, async (put) =>
      put((await shared()) ? 1 : 0),
    ),
    level(
      { name: 'efir_ingest_sessions', help: 'Publishers by state and protocol', labels: ['state', 'protocol'] },
      read(perState),
    ),
    level({ name: 'efir_ingest_kbps', help: 'Bitrate of all publishers', labels: ['protocol'] }, read(perProtocol)),
    level(
      { name: 'efir_ingest_loss_ratio_most', help: 'Share of lost packets of the worst publisher, over ten seconds' },
      read(({ sessions }, put) => put(Math.max(0, ...sessions.map((s) => s.lossRatio)))),
    ),
    total(
      { name: 'efir_media_parts_total', help: 'Parts of the picture made' },
      read((r, put) => put(r.partsMade)),
    ),
    total(
      { name: 'efir_media_parts_late_total', help: 'Parts finished later than players hold back' },
      read((r, put) => put(r.partsLate)),
    ),
    total(
      { name: 'efir_media_segments_total', help: 'Segments made' },
      read((r, put) => put(r.segmentsMade)),
    ),
    total(requestsText, read(perKind)),
    level(
      { name: 'efir_media_requests_waiting', help: 'Requests held open for the next part' },
      read((r, put) => put(r.waiting)),
    ),
    level(
      { name: 'efir_media_window_bytes', help: 'Memory of all live windows' },
      read((r, put) => put(r.bytes)),
    ),
    level(
      { name: 'efir_media_loop_delay_seconds', help: 'Event-loop delay of the media process, p99 since the last scrape' },
      read((r, put) => put(r.loopDelayMs / 1000)),
    ),
    level(
      { name: 'efir_media_resident_bytes', help: 'Memory of the media process' },
      read((r, put) => put(r.residentBytes)),
    ),
  ]
}

function perState({ sessions }: MediaReading, put: Parameters<Reading>[0]): void {
  for (const protocol of ['whip', 'rtmp'] as const)
    for (const state of ['waiting', 'live', 'grace'] as const)
      put(sessions.filter((s) => s.protocol === protocol && s.state === state).length, { state, protocol })
}

function perProtocol({ sessions }: MediaReading, put: Parameters<Reading>[0]): void {
  for (const protocol of ['whip', 'rtmp'] as const)
    put(
      sessions.filter((s) => s.protocol === protocol).reduce((sum, s) => sum + s.bitrateKbps, 0),
      { protocol },
    )
}

const requestsText = {
  name: 'efir_media_requests_total',
  help: 'Requests for the picture, by kind of file and outcome',
  labels: ['kind', 'outcome'],
}

function perKind({ requests }: MediaReading, put: Parameters<Reading>[0]): void {
  for (const [kind, { ok, refused }] of Object.entries(requests)) {
    put(ok, { kind, outcome: 'ok' })
    put(refused, { kind, outcome: 'refused' })
  }
}
