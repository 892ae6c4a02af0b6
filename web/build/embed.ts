import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import compile from 'icu-minify/compile'
import { build, type Plugin } from 'vite'
import { keys } from '../src/faces/embed/keys.ts'

const here = resolve(import.meta.dirname, '..')
const locales = ['ru', 'en', 'es', 'fr', 'ar', 'zh', 'uk']
const virtual = 'virtual:embed-texts'

/** Only the texts that the component says, in all languages: a list for each, in the order of the keys. */
function embedTexts(): Plugin {
  const messagesOf = (locale: string) =>
    keys.map((key) => {
      const file = resolve(here, `../words/messages/${key.split('.')[0]}/${locale}.json`)
      const text = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)[key]
      if (text === undefined) throw new Error(`${key} has no text in ${locale}`)
      return compile(text)
    })
  return {
    name: 'efir-embed-texts',
    resolveId: (id) => (id === virtual ? `\0${virtual}` : null),
    load: (id) =>
      id === `\0${virtual}`
        ? `export default ${JSON.stringify(Object.fromEntries(locales.map((one) => [one, messagesOf(one)])))}`
        : null,
  }
}

/** After the pages: one file for other people's websites, with a name that stays, and the player beside it. */
export function embedded(): Plugin {
  let outDir = ''
  return {
    name: 'efir-embed',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
    },
    // Before the files are packed.
    closeBundle: {
      order: 'pre',
      sequential: true,
      handler: async () => {
        await build({
          configFile: false,
          root: here,
          logLevel: 'warn',
          publicDir: false,
          plugins: [embedTexts()],
          resolve: { alias: [{ find: /^typebox$/, replacement: resolve(here, 'build/schema-stub.ts') }] },
          build: {
            outDir: resolve(outDir, 'embed/v1'),
            emptyOutDir: true,
            target: ['chrome111', 'firefox115', 'safari16.4'],
            reportCompressedSize: false,
            modulePreload: false,
            rolldownOptions: {
              input: resolve(here, 'src/faces/embed/main.ts'),
              output: { entryFileNames: 'efir-show.js', chunkFileNames: '[name]-[hash].js' },
            },
          },
        })
      },
    },
  }
}
