import { type Figure, level, spread, total } from '../../kernel/figures.ts'
import type { DeskMetrics } from './desk.ts'

export function openDeskFigures(metrics: () => DeskMetrics) {
  const rowsPerBatch = spread(
    { name: 'efir_stock_batch_rows', help: 'Reservations asked for in one batch' },
    [1, 4, 16, 64, 128, 256, 512],
  )
  const seconds = spread(
    { name: 'efir_stock_batch_seconds', help: 'Time of one batch, its commit included' },
    [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
  )
  const figures: readonly Figure[] = [
    rowsPerBatch,
    seconds,
    total({ name: 'efir_reservations_total', help: 'Reservations asked for, by outcome', labels: ['outcome'] }, (put) => {
      const { granted, replayed, soldOut, limit, closed, busy } = metrics()
      for (const [outcome, count] of Object.entries({ granted, replayed, soldOut, limit, closed, busy })) put(count, { outcome })
    }),
    total({ name: 'efir_stock_batch_retries_total', help: 'Batches asked again because their outcome was unknown' }, (put) =>
      put(metrics().retries),
    ),
    level({ name: 'efir_stock_waiting', help: 'Reservations that wait for their batch' }, (put) => put(metrics().waiting)),
  ]
  return {
    all: figures,
    batch(rows: number, tookMs: number): void {
      rowsPerBatch.observe(rows)
      seconds.observe(tookMs / 1000)
    },
  }
}
