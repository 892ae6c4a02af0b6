import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterEach } from 'vitest'

const folder = join(import.meta.dirname, '../../.tmp/e2e')

/** When a test of this file fails, what every open page showed is kept in .tmp/e2e. */
export function keepEvidence(browser: () => Browser | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    mkdirSync(folder, { recursive: true })
    const pages = (browser()?.contexts() ?? []).flatMap((context) => context.pages())
    for (const [index, page] of pages.entries()) {
      const path = join(folder, `${task.name.replace(/\W+/g, '-').slice(0, 60)}-${index}.png`)
      await page.screenshot({ path, timeout: 10_000 }).then(
        () => console.error(`the page at ${page.url()} is in ${path}`),
        (problem: Error) => console.error(`no picture of ${page.url()}: ${problem.message.split('\n')[0]}`),
      )
    }
  })
}
