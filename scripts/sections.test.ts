import { expect, test } from 'vitest'
import { countReport, noCounts, step, summary } from './sections.ts'

const file = (name: string, status: string, ...results: [string, string][]) => ({
  name,
  status,
  assertionResults: results.map(([fullName, result]) => ({ fullName, status: result })),
})

test('every test is counted, todo and pending ones as skipped, and a file that did not load as failed', () => {
  const counts = countReport({
    testResults: [
      file('/x/a.test.ts', 'failed', ['a', 'passed'], ['b', 'failed'], ['c', 'pending'], ['d', 'todo'], ['e', 'skipped']),
      file('/x/broken.test.ts', 'failed'),
      file('/x/hook.test.ts', 'failed', ['f', 'passed']),
    ],
  })
  expect(counts).toMatchObject({ passed: 2, failed: 3, skipped: 3 })
  expect(counts.failedNames).toEqual(['/x/a.test.ts: b', '/x/broken.test.ts', '/x/hook.test.ts'])
  expect(counts.skippedNames).toHaveLength(3)
  expect(countReport(null)).toMatchObject({ passed: 0, failed: 0 })
})

test('the last line is countable, names come before it, and skips fail where nothing may be missing', () => {
  const counts = { passed: 5, failed: 0, skipped: 1, failedNames: [], skippedNames: ['media: needs ffmpeg'] }
  expect(summary(counts, false)).toEqual({ ok: true, text: '\nSkipped:\n  media: needs ffmpeg\n\n5 passed, 0 failed, 1 skipped' })
  const strict = summary(counts, true)
  expect(strict.ok).toBe(false)
  expect(strict.text.split('\n').at(-1)).toBe('5 passed, 1 failed, 0 skipped')
})

test('a step that runs past its limit, fails or cannot start is a failure', async () => {
  const counts = noCounts()
  await step('good', [process.execPath, '-e', '0'], 10_000, counts)
  await step('bad', [process.execPath, '-e', 'process.exit(3)'], 10_000, counts)
  await step('long', [process.execPath, '-e', 'setInterval(() => 0, 1000)'], 100, counts)
  await step('absent', ['/nonexistent/tool'], 10_000, counts)
  expect(counts).toMatchObject({ passed: 1, failed: 3, failedNames: ['bad', 'long', 'absent'] })
})
