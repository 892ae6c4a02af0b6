import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { directionOf } from '@efir/contract/scalars.ts'
import type { PageContent } from './pages.ts'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}
type Manifest = Readonly<Record<string, Chunk>>

export interface Template {
  /** Changes with each build. */
  readonly version: string
  readonly html: string
  fill(content: PageContent): string
}

/** The folder that the build of the web writes. */
export function openDist(dist: string) {
  const known = new Map<string, Template>()
  return {
    async template(name: string): Promise<Template | null> {
      const path = join(dist, `${name}.html`)
      const found = await stat(path).catch(() => null)
      if (!found) return null
      const version = `${found.mtimeMs}.${found.ino}`
      const before = known.get(name)
      if (before?.version === version) return before
      const html = await readFile(path, 'utf8')
      const manifest = await readFile(join(dist, '.vite/manifest.json'), 'utf8').then(
        (text) => JSON.parse(text) as Manifest,
        () => ({}),
      )
      const template = {
        version,
        html,
        fill: (content: PageContent) => fill(html, content, hintsOf(manifest, `${name}.html`, content)),
      }
      known.set(name, template)
      return template
    },
  }
}

function fill(html: string, content: PageContent, hints: string): string {
  const lang = `<html lang="${content.locale}" dir="${directionOf(content.locale)}">`
  return (
    html
      .replace(/<html[^>]*>/, () => lang)
      .replace(/<title>[^<]*<\/title>/, () => content.head)
      // After the entry's own styles, which set the order of the layers.
      .replace('</head>', () => `${hints}</head>`)
      .replace('<div id="root">', (root) => (content.body === '' ? root : `<div id="first">${content.body}</div>${root}`))
  )
}

/** The page's own code, styles and texts are asked for together with the entry, not one after the other. */
function hintsOf(manifest: Manifest, entry: string, content: PageContent): string {
  const there = closure(manifest, [entry])
  const words = content.words.map((area) => `../words/messages/${area}/${content.locale}.json`)
  const wanted = closure(manifest, [...(content.page ? [content.page] : []), ...words])
  const chunks = [...wanted].filter((key) => !there.has(key)).flatMap((key) => manifest[key] ?? [])
  const styles = new Set(chunks.flatMap((chunk) => chunk.css ?? []))
  return [
    ...[...styles].map((file) => `<link rel="stylesheet" crossorigin href="/${file}">`),
    ...chunks.map(({ file }) => `<link rel="modulepreload" crossorigin href="/${file}">`),
  ].join('')
}

function closure(manifest: Manifest, keys: readonly string[], seen = new Set<string>()): Set<string> {
  for (const key of keys) {
    if (seen.has(key) || !manifest[key]) continue
    seen.add(key)
    closure(manifest, manifest[key].imports ?? [], seen)
  }
  return seen
}
