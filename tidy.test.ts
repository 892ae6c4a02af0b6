import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { row } from './server/src/app.ts'

/** The house rules as a test: the row, private files, size, banned calls, rules that have tests. */
const root = import.meta.dirname
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((f) => f !== '' && existsSync(join(root, f)))
const isTest = (file: string) =>
  /\.(test|spec)\.tsx?$/.test(file) || /(^|\/)(test|testing|peers)\//.test(file) || /(^|\/)testing\.ts$/.test(file)
const code = files.filter((f) => /\.tsx?$/.test(f) && !f.endsWith('.d.ts'))
/** The gallery of components is a development page with samples. */
const product = code.filter((f) => /^(contract|words|media|server|web)\//.test(f) && !isTest(f) && !f.includes('/ui/gallery/'))
const textOf = new Map(code.map((f) => [f, readFileSync(join(root, f), 'utf8')]))
const text = (file: string) => textOf.get(file) ?? ''

const packages: Record<string, string> = {
  '@efir/contract/': 'contract/src/',
  '@efir/words/': 'words/src/',
  '@efir/media/': 'media/src/',
  '@efir/server/': 'server/src/',
}

/** Files of this repository that a file imports. */
function importsOf(file: string): string[] {
  return [...text(file).matchAll(/(?:from\s+|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g)].flatMap(([, target = '']) => {
    if (target.startsWith('.')) return [normalize(join(dirname(file), target))]
    const known = Object.entries(packages).find(([name]) => target.startsWith(name))
    return known ? [known[1] + target.slice(known[0].length)] : []
  })
}
const edges = code.flatMap((from) => importsOf(from).map((to) => ({ from, to })))
const moduleOf = (file: string) => /^server\/src\/modules\/([a-z]+)\//.exec(file)?.[1]
const none = (found: readonly string[]) => expect(found, `\n${found.join('\n')}\n`).toEqual([])

describe('one direction', () => {
  test('a module imports only modules to its left', () => {
    const order = row as readonly string[]
    none(
      edges
        .filter(({ from }) => !isTest(from))
        .filter(({ from, to }) => {
          const [a, b] = [moduleOf(from), moduleOf(to)]
          return a !== undefined && b !== undefined && a !== b && order.indexOf(b) >= order.indexOf(a)
        })
        .map(({ from, to }) => `${from} imports ${to}, which is not to its left`),
    )
  })

  test('every module stands in the row', () => {
    none(
      [...new Set(product.map(moduleOf))].filter((m) => m !== undefined && !(row as readonly string[]).includes(m)).map(String),
    )
  })

  test('from another module only what can be done, seen, announced or brought in', () => {
    const open = /\/(verbs(\/[a-z-]+)?|views(\/[a-z-]+)?|events|ports|tables|desk|access)\.ts$/
    none(
      edges
        .filter(({ from }) => !isTest(from))
        .filter(
          ({ from, to }) =>
            moduleOf(from) !== undefined && moduleOf(to) !== undefined && moduleOf(from) !== moduleOf(to) && !open.test(to),
        )
        .map(({ from, to }) => `${from} imports ${to}, which is private`),
    )
  })

  test('packages: contract knows nobody; media and words only contract; web never the server; the kernel no module', () => {
    const top = (file: string) => file.split('/')[0] as string
    const allowed: Record<string, string[]> = {
      contract: [],
      words: ['contract'],
      media: ['contract'],
      web: ['contract', 'words'],
      server: ['contract', 'words', 'media'],
    }
    none([
      ...edges
        .filter(
          ({ from, to }) => product.includes(from) && top(from) !== top(to) && !(allowed[top(from)] ?? []).includes(top(to)),
        )
        .map(({ from, to }) => `${from} imports ${to}`),
      ...edges
        .filter(({ from, to }) => from.startsWith('server/src/kernel/') && !isTest(from) && to.startsWith('server/src/modules/'))
        .map(({ from, to }) => `${from} imports ${to}`),
    ])
  })

  test('web: ui, net, player ← parts ← faces; faces never import one another', () => {
    const level = (file: string) =>
      file.startsWith('web/src/faces/') ? 2 : file.startsWith('web/src/parts/') ? 1 : file.startsWith('web/src/') ? 0 : -1
    const face = (file: string) => /^web\/src\/faces\/([a-z]+)\//.exec(file)?.[1]
    none(
      edges
        .filter(({ from }) => !isTest(from))
        .filter(
          ({ from, to }) => (level(from) >= 0 && level(to) > level(from)) || (face(from) && face(to) && face(from) !== face(to)),
        )
        .map(({ from, to }) => `${from} imports ${to}`),
    )
  })
})

describe('size', () => {
  test('a file can be read in one sitting: 500 lines at most', () => {
    none(
      code
        .filter((f) => !/(^|\/)seed\/.*(products|people|shops|shows)\.ts$/.test(f))
        .flatMap((f) => (text(f).split('\n').length > 501 ? [`${f} has ${text(f).split('\n').length} lines`] : [])),
    )
  })

  test('a function has 70 lines at most, a component 125', () => {
    none(product.flatMap((file) => longFunctions(file).map((long) => `${file}: ${long}`)))
  })
})

interface Node {
  type: string
  start: number
  end: number
  id?: { name?: string } | null
  [key: string]: unknown
}

function longFunctions(file: string): string[] {
  const source = text(file)
  const { program } = parseSync(file, source) as unknown as { program: Node }
  const found: string[] = []
  const walk = (node: Node, name: string): void => {
    const isFunction =
      node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
    const called = node.id?.name ?? name
    if (isFunction) {
      const lines = source.slice(node.start, node.end).split('\n').length
      const limit = file.endsWith('.tsx') && /^[A-Z]/.test(called) ? 125 : 70
      if (lines > limit && !isFactory(node)) found.push(`${called || 'a function'} has ${lines} lines`)
    }
    for (const [key, value] of Object.entries(node)) {
      if (key === 'type') continue
      const inner =
        node.type === 'VariableDeclarator'
          ? (called ?? '')
          : node.type === 'Property' || node.type === 'MethodDefinition'
            ? keyName(node)
            : called
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, inner)
    }
  }
  walk(program, '')
  return found
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof (value as Node).type === 'string'
const keyName = (node: Node): string => (node['key'] as { name?: string } | undefined)?.name ?? ''

/** `openThing()` holds the functions of what it opens: each of those counts by itself. */
function isFactory(node: Node): boolean {
  const body = node['body'] as Node
  const statements = (body.type === 'BlockStatement' ? body['body'] : []) as Node[]
  const own = statements.filter((s) => s.type !== 'FunctionDeclaration')
  const last = own.at(-1)
  const returned = last?.type === 'ReturnStatement' ? (last['argument'] as Node | null) : null
  const inner = statements.filter((s) => s.type === 'FunctionDeclaration').length
  return inner >= 2 || returned?.type === 'ObjectExpression' || returned?.type === 'ClassExpression'
}

describe('banned', () => {
  const banned: readonly { what: RegExp; where: (file: string) => boolean; instead: string }[] = [
    {
      what: /\bDate\.now\(|new Date\(\)|\bMath\.random\(/,
      where: (f) => /^(server\/src\/modules|contract|words)\//.test(f),
      instead: 'time and randomness are given: tx.now, ctx.clock, ids',
    },
    {
      what: /\bset(Timeout|Interval)\(/,
      where: (f) => /^(server\/src\/modules|contract|words)\//.test(f),
      instead: 'clock.after, clock.every, jobs',
    },
    {
      what: /process\.env/,
      where: (f) =>
        /^(server\/src|contract|words|web)\//.test(f) &&
        !/(server\/src\/(config|main|verify|backup|restore)|vite\.config)\.ts$/.test(f),
      instead: 'config.ts',
    },
    { what: /\bas any\b|: any\b|<any>|@ts-ignore|@ts-nocheck/, where: () => true, instead: 'a type' },
    { what: /catch\s*(\([^)]*\))?\s*\{\s*\}/, where: () => true, instead: 'handle it or let it pass' },
    { what: /\b(enum [A-Z]\w* \{|namespace [A-Z])/, where: () => true, instead: 'erasable syntax' },
    { what: /^export default/m, where: (f) => product.includes(f) && !/vite\.config\.ts$/.test(f), instead: 'a name' },
    {
      what: /['"](FR|ES|RU|UA|US|CN|PH)['"]/,
      where: (f) => product.includes(f) && !/(^|\/)(seed|profiles)\//.test(f),
      instead: 'a market is data',
    },
    {
      what: /(margin|padding|border)-(left|right)\b|\b(left|right):\s*\d/,
      where: (f) => f.endsWith('.css'),
      instead: 'logical properties',
    },
    { what: /\/(work|root|home)\/[a-z]/, where: (f) => !isTest(f), instead: 'no paths of a machine' },
  ]
  for (const { what, where, instead } of banned) {
    test(`${what.source}: ${instead}`, () => {
      none(
        code
          .filter((f) => f !== 'tidy.test.ts' && where(f) && !isTest(f))
          .flatMap((f) => {
            const lines = text(f).split('\n')
            const bad = lines.findIndex((line) => what.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
            return bad < 0 ? [] : [`${f}:${bad + 1} ${lines[bad]?.trim().slice(0, 100)}`]
          }),
      )
    })
  }

  test('logical properties only', () => {
    const sheets = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.css'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\n')
      .filter(Boolean)
    none(
      sheets.flatMap((f) =>
        readFileSync(join(root, f), 'utf8')
          .split('\n')
          .flatMap((line, index) =>
            /(^|[\s;{])((margin|padding|border)-(left|right)|left|right|text-align:\s*(left|right))\s*:/.test(line)
              ? [`${f}:${index + 1} ${line.trim()}`]
              : [],
          ),
      ),
    )
  })
})

describe('nothing lies about', () => {
  test('every file is used', () => {
    const used = new Set(edges.map((e) => e.to))
    const entries =
      /(^|\/)(main|verify|backup|restore|run|app|sw|vite\.config|vitest\.config)\.tsx?$|-worker\.ts$|^(scripts|bench|e2e|sim)\/|(^|\/)seed\/|\.d\.ts$|media\/src\/publish\/|web\/src\/faces\/[a-z]+\/main\.tsx$|web\/build\/|gallery/
    const html = execFileSync('git', ['ls-files', '*.html'], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map((f) => readFileSync(join(root, f), 'utf8'))
      .join('\n')
    none(product.filter((f) => !used.has(f) && !entries.test(f) && !html.includes(f.replace(/^web\//, '/'))))
  })

  test('every numbered rule of a SPEC has a test with its name', () => {
    const specs = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*SPEC.md'], {
      cwd: root,
      encoding: 'utf8',
    })
      .split('\n')
      .filter(Boolean)
    const tests = code
      .filter((f) => /\.(test|spec)\.tsx?$/.test(f))
      .map(text)
      .join('\n')
    const rules = specs.flatMap((f) =>
      [...readFileSync(join(root, f), 'utf8').matchAll(/^\s*(?:[-*]|#+)?\s*\**([A-Z]{2,5}\d+)\**[\s.:·]/gm)].map((m) => ({
        f,
        rule: m[1] as string,
      })),
    )
    expect(rules.length).toBeGreaterThan(20)
    none(
      rules
        .filter(({ rule }) => !new RegExp(`\\[(?:[A-Z0-9, ]*\\b)?${rule}\\b[A-Z0-9, ]*\\]`).test(tests))
        .map(({ f, rule }) => `${f}: ${rule}`),
    )
  })
})
