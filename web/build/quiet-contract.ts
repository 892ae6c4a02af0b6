import type { Plugin } from 'vite'

const contractFile = /\/contract\/src\/[\w/-]+\.ts$/
/** `summary: 'What it does.'` and the like, in one pair of quotes; a text over several lines is left as it is. */
const explanation = /\b(summary|description):\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/g

/** What the contract explains to people who write against it stays out of the pages: browsers call acts by name, method and path. */
export function quietContract(): Plugin {
  return {
    name: 'efir-quiet-contract',
    apply: 'build',
    enforce: 'pre',
    transform(source, id) {
      if (!contractFile.test(id.split('?')[0] ?? id)) return null
      return { code: source.replace(explanation, "$1: ''"), map: null }
    },
  }
}
