/**
 * Why the server ends a connection. RFC 6455, 7.4.2 leaves 4000-4999 to applications.
 * 4000-4099: come back, within the window that was told. 4100-4199: do not come back by yourself.
 */
export const closeCodes = {
  server_leaving: 4000,
  too_slow: 4001,
  join_late: 4002,
  room_full: 4003,
  overloaded: 4004,
  /** Fetch a fresh token, then come back. */
  token_expired: 4005,
  /** Read the room's pages instead, and come back later. */
  use_caches: 4006,
  version_unknown: 4100,
  token_wrong: 4101,
  room_unknown: 4102,
  banned: 4103,
  message_wrong: 4104,
  too_many_messages: 4105,
  not_allowed: 4106,
  room_closed: 4107,
} as const
export type CloseReason = keyof typeof closeCodes

/** Codes outside 4100-4199, the network's own included, mean: come back. */
export const mayComeBack = (code: number): boolean => code < 4100 || code > 4199

export function closeReasonOf(code: number): CloseReason | null {
  return (Object.keys(closeCodes) as CloseReason[]).find((reason) => closeCodes[reason] === code) ?? null
}
