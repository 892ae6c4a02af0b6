export interface Span {
  readonly fromAt: number
  readonly toAt: number
}

/** How many in each step of the time line; what lies outside is not counted. */
export function perStep(span: Span, stepMs: number, events: readonly { readonly at: number; readonly n: number }[]): number[] {
  const steps: number[] = Array.from({ length: Math.max(1, Math.ceil((span.toAt - span.fromAt) / stepMs)) }, () => 0)
  for (const { at, n } of events) {
    if (at < span.fromAt || at >= span.toAt) continue
    const index = Math.floor((at - span.fromAt) / stepMs)
    steps[index] = (steps[index] ?? 0) + n
  }
  return steps
}

const nice = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240].map((minutes) => minutes * 60_000)

/** Marks of the axis, from the beginning of the show: at most eight. */
export function ticks(span: Span): number[] {
  const lengthMs = span.toAt - span.fromAt
  const step = nice.find((one) => lengthMs / one <= 8) ?? (nice.at(-1) as number)
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => index * step)
}
