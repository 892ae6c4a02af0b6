/** Version of the room's protocol; both ends say it in their first message. Fields may be added within a version. */
export const roomVersion = 1
export const roomPath = '/room'

/** What both ends keep to; the server refuses what goes beyond. */
export const roomLimits = {
  /** Bytes of one message from a viewer. */
  upBytes: 4_096,
  chatLetters: 300,
  reactionsPerMessage: 50,
  /** Delays beyond this count as this. */
  delayMs: 60_000,
  keyLetters: 64,
} as const

/** Reactions known to both ends; each is one picture in the interface. */
export const reactionKinds = ['heart', 'fire', 'clap', 'laugh', 'wow'] as const
export type ReactionKind = (typeof reactionKinds)[number]
