/** A limit on everything. Times in ms. */
export const roomDefaults = {
  /** At most one shared frame per room in this time. */
  tickMs: 100,
  /** A large room ticks slower, so that it does not write more frames per second than this... */
  framesPerSecond: 16_000,
  /** ... but never slower than this. */
  slowestTickMs: 250,
  /** Frames that carry only droppables go out at most this often. */
  dropMs: 300,
  heartbeatMs: 10_000,
  /** Viewers acknowledge when a frame comes and the last time is this long ago, heartbeats included. */
  ackMs: 10_000,
  /** The first message of a connection must come within. */
  joinMs: 5_000,
  /** A room without viewers is forgotten after. */
  emptyMs: 60_000,
  /** A person who left is still counted for this long: reconnecting does not make the number jump. */
  lingerMs: 10_000,
  viewersMs: 2_000,
  crowdMs: 5_000,
  rooms: 2_000,
  connections: 20_000,
  viewersPerRoom: 20_000,
  /** A room of so many sends further viewers to the caches. */
  cachedFrom: Number.POSITIVE_INFINITY,
  /** Sockets written before other work gets its turn. */
  slice: 1_000,
  ringEntries: 2_000,
  ringBytes: 512_000,
  stateKeys: 1_000,
  history: 30,
  /** Chat lines per second that a viewer can still read. */
  linesPerSecond: 8,
  /** Lines kept between two frames for the desk. */
  deskLines: 400,
  upBurst: 30,
  upPerSecond: 10,
  /** Messages that wait while a room opens. */
  waiting: 8,
  /** Persons whose last personal position is remembered. */
  personal: 50_000,
  /** Runtime queue of one socket beyond which nothing more is written to it. */
  queuedBytes: 256_000,
  lean: { afterMs: 30_000, bytes: 160_000 },
  held: { afterMs: 40_000, bytes: 256_000 },
  closeAfterMs: 70_000,
  /** Reconnects are spread over 1 ms per viewer between these. */
  reconnectMinMs: 1_000,
  reconnectMaxMs: 60_000,
}
export type RoomLimits = typeof roomDefaults
