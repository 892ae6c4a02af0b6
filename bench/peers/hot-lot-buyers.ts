import { readConfig } from '../../server/src/config.ts'
import type { Kernel } from '../../server/src/kernel/context.ts'
import { openLog } from '../../server/src/kernel/log.ts'
import { openKernel } from '../../server/src/kernel/open.ts'
import { openStockDesk, type StockDesk } from '../../server/src/modules/stock/desk.ts'

export const wish = (allotmentId: string, personId: string) => ({
  allotmentId,
  personId,
  quantity: 1,
  key: 'the-first-tap',
  holdMs: 600_000,
  price: { amount: 1999, currency: 'EUR' },
  source: 'deal',
})

/** Made before the clock starts: the buyers' own work is not ours. */
export const crowd = (kernel: Kernel, size: number): string[] => Array.from({ length: size }, () => kernel.ids.make('person'))

export interface Rush {
  readonly lots: readonly string[]
  readonly clients: number
  readonly forMs: number
}

/** Closed loop: as many buyers as `clients` wait at any moment, each person asks once. Granted per second. */
export async function rush(kernel: Kernel, desk: StockDesk, { lots, clients, forMs }: Rush, waits?: number[]): Promise<number> {
  const buyers = crowd(kernel, forMs * 70)
  let next = 0
  let granted = 0
  const startedAt = performance.now()
  const endsAt = startedAt + forMs
  async function buyer(): Promise<void> {
    while (performance.now() < endsAt && next < buyers.length) {
      const person = buyers[next++] as string
      const askedAt = performance.now()
      const answer = await desk.reserve(wish(lots[next % lots.length] as string, person))
      if (answer.outcome === 'granted') granted++
      waits?.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: clients }, buyer))
  return (granted / (performance.now() - startedAt)) * 1000
}

/** A kernel and a desk on the bench's database, closed with the stack. */
export async function openNode(
  stack: AsyncDisposableStack,
  at: { url: string; folder: string },
): Promise<{ kernel: Kernel; desk: StockDesk }> {
  const config = readConfig({ EFIR_DATA: at.folder, EFIR_LOG: 'warn' }, [])
  const kernel = await openKernel(stack, { config, log: openLog('error'), databaseUrl: at.url })
  await kernel.events.start()
  return { kernel, desk: stack.use(openStockDesk(kernel)) }
}
