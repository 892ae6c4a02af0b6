import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createLot, openLot, pinLot } from '@efir/contract/lots.ts'
import { makeStreamKey } from '@efir/contract/media.ts'
import { createShow, showPage } from '@efir/contract/shows.ts'
import { until } from './efir.ts'
import type { Visitor } from './visitor.ts'

const root = join(import.meta.dirname, '../..')
export const demoClip = join(root, 'server/seed/clip/demo.flv')

export interface OnAir {
  readonly showId: string
  stop(): Promise<void>
}

/** A show of this shop, on air through the real RTMP ingest. */
export async function goOnAir(owner: Visitor, shopId: string): Promise<OnAir> {
  const show = await owner.must(createShow, { shopId, title: { en: 'A show', ru: 'Эфир', ar: 'بث مباشر' } })
  const made = await owner.must(makeStreamKey, { showId: show.id })
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'media/src/publish/main.ts'), '--url', `${made.rtmpUrl}/${made.secret}`, '--file', demoClip],
    { stdio: 'ignore' },
  )
  await until(
    async () => (await owner.must(showPage, { showId: show.id })).show.state === 'live',
    30_000,
    () => 'the show is not on air',
  )
  return {
    showId: show.id,
    async stop() {
      if (child.exitCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Ten units of it at 49.00, two for each at most, pinned and open. */
export async function offer(owner: Visitor, showId: string, variantId: string): Promise<void> {
  const terms = { showId, variantIds: [variantId], perBuyer: 2, quota: 10 }
  const lot = await owner.must(createLot, { ...terms, price: { amount: 4900, currency: 'EUR' } })
  await owner.must(pinLot, { lotId: lot.id })
  await owner.must(openLot, { lotId: lot.id })
}
