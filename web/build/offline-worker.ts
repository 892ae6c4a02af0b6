import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** The entry of the shop and each of its pages: whichever is opened without a network stands and says so. Texts are kept as they are used. */
const isKept = (module: string | null): boolean =>
  module !== null && /\/web\/(index\.html|src\/faces\/watch\/(show\/)?\w+Page\.tsx)$/.test(module)

interface Built {
  readonly type: 'chunk'
  readonly fileName: string
  readonly facadeModuleId: string | null
  readonly imports: readonly string[]
  readonly viteMetadata?: { readonly importedCss: ReadonlySet<string> }
  code: string
}

/** Writes into sw.js the files of this build that it keeps, and a version made of them. */
export function offlineWorker(): Plugin {
  return {
    name: 'efir-offline-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk') as unknown as Built[]
        const worker = chunks.find((one) => one.fileName === 'sw.js')
        if (!worker) return
        if (worker.imports.length > 0) throw new Error(`sw.js must stand alone and imports ${worker.imports.join(', ')}`)
        const wanted = chunks.filter((one) => isKept(one.facadeModuleId))
        const files = [...closure(chunks, wanted)].sort()
        const all = Object.keys(bundle).filter((name) => name !== 'sw.js')
        const version = createHash('sha256').update(all.sort().join('\n')).digest('hex').slice(0, 12)
        worker.code = `const VERSION = ${JSON.stringify(version)}, PRECACHE = ${JSON.stringify(files)};\n${worker.code}`
      },
    },
  }
}

function closure(chunks: readonly Built[], wanted: readonly Built[]): Set<string> {
  const byName = new Map(chunks.map((one) => [one.fileName, one]))
  const files = new Set<string>()
  const add = (one: Built) => {
    if (files.has(`/${one.fileName}`)) return
    files.add(`/${one.fileName}`)
    for (const style of one.viteMetadata?.importedCss ?? []) files.add(`/${style}`)
    for (const name of one.imports) {
      const next = byName.get(name)
      if (next) add(next)
    }
  }
  for (const one of wanted) add(one)
  return files
}
