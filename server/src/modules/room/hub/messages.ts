/** What the hub is told about a room. Plain values, made by contributions from the event log. */
export interface StateChange {
  /** Such as pin:1 or stock:<lotId>. */
  readonly k: string
  /** The whole value; null when the key is gone. */
  readonly value: unknown
  /** Program date-time of the picture it belongs to, epoch ms. */
  readonly pdt?: number
}
export interface RoomEvent {
  readonly e: string
  readonly data: unknown
  readonly pdt?: number
}
export type RoomMessage = StateChange | RoomEvent

export const isState = (message: RoomMessage): message is StateChange => 'k' in message
