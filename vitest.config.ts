import { defineConfig } from 'vitest/config'

const never = ['**/node_modules/**', '**/dist/**', 'data/**', '.tmp/**']
const database = '**/*.pg.test.ts'

/** What reaches for a browser, an encoder, a Redis or whole processes: one file after the other, so that they do not starve each other. */
const tools = ['media/**/*.test.ts', '**/*.tools.test.ts']

export default defineConfig({
  test: {
    // Two cores: more workers only make timings worse.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...never, database, ...tools, 'e2e/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'pg',
          include: [database],
          exclude: never,
          globalSetup: 'scripts/vitest-global.ts',
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'tools',
          include: tools,
          exclude: [...never, database],
          fileParallelism: false,
          // Real encoders and browsers on a busy machine: once more before it counts.
          retry: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.spec.ts'],
          exclude: process.env['EFIR_BY_HAND'] === '1' ? never : [...never, 'e2e/by-hand/**'],
          fileParallelism: false,
          retry: 1,
          testTimeout: 400_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
})
