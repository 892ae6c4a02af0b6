export interface IngestLimits {
  readonly maxStreams: number
  /** Connections that have not shown a good key yet, and those in all. */
  readonly maxConnections: number
  readonly maxConnectionsPerRemote: number
  readonly handshakeMs: number
  /** Offers by WHIP from one address: each asks the server about its token. */
  readonly knocksAtOnce: number
  readonly knocksPerMinute: number
  readonly maxBitrateKbps: number
  readonly maxSidePixels: number
  readonly maxKeyframeIntervalMs: number
  /** A publisher that sends nothing for so long counts as lost. */
  readonly silenceMs: number
  readonly statsEveryMs: number
}

export const INGEST_LIMITS: IngestLimits = {
  maxStreams: 64,
  maxConnections: 256,
  maxConnectionsPerRemote: 32,
  handshakeMs: 10_000,
  knocksAtOnce: 30,
  knocksPerMinute: 60,
  maxBitrateKbps: 12_000,
  maxSidePixels: 1920,
  maxKeyframeIntervalMs: 4_000,
  silenceMs: 8_000,
  statsEveryMs: 2_000,
}
