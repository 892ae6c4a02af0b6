import { Counter, Gauge, Histogram, type Metric } from 'prom-client'

/** One figure of a process; modules contribute theirs, nobody looks at them but who scrapes. */
export type Figure = Metric

export type Labels = Readonly<Record<string, string>>
/** Hands over the current values, one per set of labels. */
export type Reading = (put: (value: number, labels?: Labels) => void) => void | Promise<void>

export interface FigureText {
  /** `efir_...`, with its unit last: https://prometheus.io/docs/practices/naming/ */
  readonly name: string
  readonly help: string
  /** Only names whose values are a small closed set: acts, outcomes, rungs; never ids. */
  readonly labels?: readonly string[]
}

/** A value that goes up and down, read when somebody scrapes. */
export function level(text: FigureText, read: Reading): Figure {
  return new Gauge({
    ...plain(text),
    async collect() {
      this.reset()
      // Without labels a reset leaves a zero, which would pass for a value that was read.
      if (!text.labels) this.remove()
      await read((value, labels = {}) => this.set(labels, value))
    },
  })
}

/** A running total kept elsewhere, read when somebody scrapes. */
export function total(text: FigureText, read: Reading): Figure {
  return new Counter({
    ...plain(text),
    async collect() {
      this.reset()
      await read((value, labels = {}) => this.inc(labels, value))
    },
  })
}

export const spread = (text: FigureText, buckets: readonly number[]): Histogram =>
  new Histogram({ ...plain(text), buckets: [...buckets] })

const plain = ({ name, help, labels }: FigureText) => ({ name, help, labelNames: [...(labels ?? [])], registers: [] })

/** Acts and how they ended. Labels come from the contract, so their number is bounded. */
export interface HttpFigures {
  readonly figures: readonly Figure[]
  answered(act: string, outcome: string, tookMs: number): void
}

export function openHttpFigures(): HttpFigures {
  const requests = new Counter({
    ...plain({
      name: 'efir_http_requests_total',
      help: 'Acts answered, by outcome: ok, the code of a refusal, or defect',
      labels: ['act', 'outcome'],
    }),
  })
  const seconds = spread(
    { name: 'efir_http_request_seconds', help: 'Time to answer an act', labels: ['act'] },
    [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5],
  )
  return {
    figures: [requests, seconds],
    answered(act, outcome, tookMs) {
      requests.inc({ act, outcome })
      seconds.observe({ act }, tookMs / 1000)
    },
  }
}
