import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** `npm run dev`: the server starts again when its files change; pages come from Vite, which asks the server for all else. */
const root = join(import.meta.dirname, '..')
const children: ChildProcess[] = []
let ending = false

run('server', process.execPath, ['--watch', '--watch-preserve-output', 'server/src/main.ts', ...process.argv.slice(2)])
run('web', join(root, 'node_modules/.bin/vite'), ['dev', 'web', '--clearScreen', 'false'])
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end(0))

function run(name: string, command: string, args: readonly string[]): void {
  // In our group: Ctrl-C in the terminal reaches all of them at once.
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
  children.push(child)
  child.once('error', (problem) => {
    console.error(`efir: ${name} does not start: ${problem.message}`)
    end(1)
  })
  child.once('exit', (code) => {
    if (!ending) console.error(`efir: ${name} ended (${code})`)
    end(code ?? 1)
  })
}

/** When one goes, all go. */
function end(code: number): void {
  if (ending) return
  ending = true
  process.exitCode = code
  for (const child of children) if (child.exitCode === null) child.kill('SIGTERM')
}
