/** Offset of the server's clock to ours, by the exchange with the smallest delay seen so far. */
let offsetMs = 0
let bestDelayMs = Number.POSITIVE_INFINITY

/** A message carried the server's time: `sentAt` and `receivedAt` are by our clock (NTP's way: RFC 5905, 8). */
export function noteServerTime(serverAt: number, sentAt: number, receivedAt: number): void {
  const delayMs = receivedAt - sentAt
  if (delayMs < 0 || delayMs > bestDelayMs) return
  bestDelayMs = delayMs
  offsetMs = serverAt - (sentAt + receivedAt) / 2
}

/** After sleep or a change of the device's clock all earlier measurements are void. */
export function forgetServerTime(): void {
  bestDelayMs = Number.POSITIVE_INFINITY
}

/** Epoch milliseconds by the server's clock, as well as we know it. */
export const serverNow = (): number => Date.now() + offsetMs
