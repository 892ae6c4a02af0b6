import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

interface Chunk {
  readonly file: string
  readonly src?: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

let folder = ''
let manifest: Record<string, Chunk> = {}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'efir-web-'))
  // Under test React would be built with all its warnings.
  vi.stubEnv('NODE_ENV', 'production')
  await build({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, reportCompressedSize: false },
  })
  manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

/** All that is loaded before these chunks can run. */
function closure(keys: readonly string[], seen = new Set<string>()): Set<string> {
  for (const key of keys) {
    if (seen.has(key)) continue
    seen.add(key)
    closure(manifest[key]?.imports ?? [], seen)
  }
  return seen
}
const gzipped = (keys: Iterable<string>) =>
  [...keys].reduce((sum, key) => sum + gzipSync(readFileSync(join(folder, manifest[key]?.file ?? ''))).byteLength, 0)
const pageKeys = (name: string) => Object.keys(manifest).filter((key) => key.endsWith(`/${name}`))
const texts = ['common', 'refusals', 'watch', 'store'].map((area) => `../words/messages/${area}/ru.json`)

test('the watch page needs at most 150 kB of script before the picture, texts included and player aside', () => {
  const needed = closure(['index.html', ...pageKeys('WatchPage.tsx'), ...texts])
  expect([...needed].filter((key) => key.includes('hls'))).toEqual([])
  const page = [...needed].filter((key) => manifest[key] && !key.includes('use-player'))
  expect(gzipped(page)).toBeLessThan(150_000)
})

test('the working faces start within 200 kB', () => {
  for (const entry of ['studio.html', 'office.html']) expect(gzipped(closure([entry]))).toBeLessThan(200_000)
})

test('pages have no inline script or style, so that the Content-Security-Policy can be strict', () => {
  for (const page of ['index.html', 'studio.html', 'office.html']) {
    const html = readFileSync(join(folder, page), 'utf8')
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/)
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/)
  }
})

test('the schema library stays on the server, and the gallery out of the build', () => {
  const scripts = Object.values(manifest).filter((chunk) => chunk.file.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(10)
  for (const { file } of scripts) expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/typebox|TypeBox/)
  expect(Object.keys(manifest).filter((key) => key.includes('gallery'))).toEqual([])
})

test('the component for other websites is one file of at most 60 kB, the player beside it', () => {
  const place = join(folder, 'embed/v1')
  expect(gzipSync(readFileSync(join(place, 'efir-show.js'))).byteLength).toBeLessThan(60_000)
  const entry = readFileSync(join(place, 'efir-show.js'), 'utf8')
  // Nothing else is loaded before it can run, and the player comes from beside it.
  expect([...entry.matchAll(/from"([^"]+)"|^import"([^"]+)"/gm)]).toEqual([])
  expect(entry).toMatch(/import\(["'`]\.\/player-[\w-]+\.js["'`]\)/)
})
