import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** `npm run bench -- NAME [--short] [--json]`: each bench is a file beside this one and a process of its own. */
const shared = new Set(['run'])
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => !shared.has(name))

const [name = '', ...rest] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name}.ts`)
if (!names.includes(name) || !existsSync(file)) {
  console.error(`Which bench? ${names.join(', ')}.  Options: --short, --json`)
  process.exitCode = 2
} else {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...rest], { stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', forward).on('SIGTERM', forward)
  child.on('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
