export interface Span {
  readonly fromAt: number
  readonly toAt: number
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const steps = [5, 10, 15, 30, 60, 120, 300, 600, 1800].map((seconds) => seconds * secondMs)

/** How long one bar is: some dozens of them, whatever the length of the show. */
export const stepOf = (span: Span): number =>
  steps.find((one) => (span.toAt - span.fromAt) / one <= 90) ?? (steps.at(-1) as number)

/** How many in each step of the time line; what lies outside is not counted. */
export function perStep(span: Span, stepMs: number, events: readonly { readonly at: number; readonly n: number }[]): number[] {
  const counts: number[] = Array.from({ length: Math.max(1, Math.ceil((span.toAt - span.fromAt) / stepMs)) }, () => 0)
  for (const { at, n } of events) {
    if (at < span.fromAt || at >= span.toAt) continue
    const index = Math.floor((at - span.fromAt) / stepMs)
    counts[index] = (counts[index] ?? 0) + n
  }
  return counts
}

const nice = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240].map((minutes) => minutes * minuteMs)

/** Marks of the axis, from the beginning of the show: at most nine. */
export function ticks(span: Span): number[] {
  const lengthMs = span.toAt - span.fromAt
  const step = nice.find((one) => lengthMs / one <= 8) ?? (nice.at(-1) as number)
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step)
}
