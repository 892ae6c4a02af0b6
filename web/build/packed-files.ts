import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const packable = /\.(js|css|svg|json)$/
/** Smaller ones gain nothing. */
const leastBytes = 700

/** Writes each script and style beside itself as .br and .gz, once at the build, so that the server only sends files. */
export function packedFiles(): Plugin {
  let folder = ''
  return {
    name: 'efir-packed-files',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
      if (config.build.outDir.startsWith('/')) folder = config.build.outDir
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true }) as string[]) {
        if (!packable.test(name) || name.startsWith('.vite')) continue
        const bytes = readFileSync(join(folder, name))
        if (bytes.byteLength < leastBytes) continue
        const quality = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength }
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params: quality }))
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      }
    },
  }
}
