import compile from 'icu-minify/compile'
import type { Plugin } from 'vite'

const messageFile = /\/words\/messages\/[\w-]+\/[\w-]+\.json$/

/** Parses ICU messages at build time, so that the browser carries a formatter of 1 kB and no parser. */
export function compiledWords(): Plugin {
  return {
    name: 'efir-compiled-words',
    enforce: 'pre',
    transform(source, id) {
      const file = id.split('?')[0] ?? id
      if (!messageFile.test(file)) return null
      const messages = JSON.parse(source) as Record<string, string>
      const compiled = Object.fromEntries(Object.entries(messages).map(([key, text]) => [key, compile(text)]))
      return { code: `export default ${JSON.stringify(compiled)}`, map: null, moduleType: 'js' }
    },
  }
}
