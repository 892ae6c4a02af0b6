import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * `npm run pack:contract -- FOLDER`: the contract as a package for programs elsewhere, JavaScript with its types.
 * In this repository nothing is built; `exports` of contract/package.json lead to the sources, those of the package to what is made here.
 */
const root = join(import.meta.dirname, '..')
const from = join(root, 'contract')

/** Runs in Node 22, 24 and today's browsers; the syntax is older than what the sources call (Map.groupBy, toSorted). */
const compilerOptions = [
  ...['--ignoreConfig', '--strict', '--declaration', '--rewriteRelativeImportExtensions', '--verbatimModuleSyntax'],
  ...['--target', 'ES2022', '--lib', 'ES2024,DOM,DOM.Iterable', '--module', 'NodeNext', '--types', '', '--skipLibCheck'],
]

interface OwnPackage {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly description: string
  readonly dependencies: Readonly<Record<string, string>>
}

const folder = process.argv[2]
if (folder) console.log(pack(resolve(folder)))
else {
  console.error('Say where to: npm run pack:contract -- FOLDER')
  process.exitCode = 1
}

function pack(into: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'efir-contract-'))
  try {
    compile(join(stage, 'dist'))
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(described(), null, 2)}\n`)
    cpSync(join(from, 'README.md'), join(stage, 'README.md'))
    cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
    mkdirSync(into, { recursive: true })
    const said = run('npm', ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', into], stage)
    const [made] = JSON.parse(said) as { filename: string }[]
    if (!made) throw new Error('npm pack named no file')
    return join(into, made.filename)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

function compile(outDir: string): void {
  const sources = globSync('src/**/*.ts', { cwd: from }).filter((file) => !file.endsWith('.test.ts'))
  run(join(root, 'node_modules/.bin/tsc'), [...compilerOptions, '--rootDir', 'src', '--outDir', outDir, ...sources], from)
  // The compiler leaves `./act.ts` in declarations, where only `./act.js` has a file beside it.
  for (const file of globSync('**/*.d.ts', { cwd: outDir })) {
    const path = join(outDir, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/(\bfrom |\bimport\()(["'])(\.[^"']+)\.ts\2/g, '$1$2$3.js$2'))
  }
}

function described(): object {
  const own = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as OwnPackage
  return {
    name: own.name,
    version: own.version,
    description: own.description,
    license: own.license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=22' },
    exports: { './*.js': { types: './dist/*.d.ts', default: './dist/*.js' }, './package.json': './package.json' },
    files: ['dist'],
    dependencies: own.dependencies,
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 120_000 })
  if (status !== 0) throw new Error(`${command} ended with ${status}\n${stdout}${stderr}`, { cause: error })
  return stdout
}
