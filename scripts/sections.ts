import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Counts {
  passed: number
  failed: number
  skipped: number
  readonly failedNames: string[]
  readonly skippedNames: string[]
}

export const noCounts = (): Counts => ({ passed: 0, failed: 0, skipped: 0, failedNames: [], skippedNames: [] })

const root = join(import.meta.dirname, '..')

/** Runs one step of the checks under a heading; its output goes straight to the terminal. */
export async function step(name: string, command: readonly string[], limitMs: number, counts: Counts): Promise<void> {
  const { ok, seconds } = await runSection(name, command, limitMs)
  if (ok) counts.passed++
  else {
    counts.failed++
    counts.failedNames.push(name)
  }
  console.log(`-- ${name}: ${ok ? 'passed' : 'FAILED'} (${seconds} s)`)
}

/** Runs vitest projects and adds up what its report says, test by test. */
export async function vitest(name: string, projects: readonly string[], limitMs: number, counts: Counts): Promise<void> {
  const file = join(tmpdir(), `efir-report-${process.pid}-${name}.json`)
  const command = ['vitest', 'run', '--passWithNoTests', ...projects.flatMap((project) => ['--project', project])]
  const { ok, seconds } = await runSection(
    name,
    [...command, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    limitMs,
  )
  const found = countReport(readReport(file))
  rmSync(file, { force: true })
  if (!ok && found.failed === 0) {
    // No single test failed and yet the run did: an unhandled error, a broken setup or the time limit.
    found.failed = 1
    found.failedNames.push(`${name}: the run itself`)
  }
  counts.passed += found.passed
  counts.failed += found.failed
  counts.skipped += found.skipped
  counts.failedNames.push(...found.failedNames)
  counts.skippedNames.push(...found.skippedNames)
  console.log(`-- ${name}: ${found.passed} passed, ${found.failed} failed, ${found.skipped} skipped (${seconds} s)`)
}

export interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

export function countReport(report: Report | null): Counts {
  const counts = noCounts()
  for (const file of report?.testResults ?? []) {
    const place = file.name.startsWith(`${root}/`) ? file.name.slice(root.length + 1) : file.name
    for (const { status, fullName } of file.assertionResults) {
      const name = `${place}: ${fullName.trim()}`
      if (status === 'passed') counts.passed++
      else if (status === 'failed') {
        counts.failed++
        counts.failedNames.push(name)
      } else {
        counts.skipped++
        counts.skippedNames.push(name)
      }
    }
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
      // The file did not load, or a hook of it failed.
      counts.failed++
      counts.failedNames.push(place)
    }
  }
  return counts
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT' || problem instanceof SyntaxError) return null
    throw problem
  }
}

/** Ctrl-C and the watchdog of CI end the step that runs and all that would follow. */
let interrupted = false

async function runSection(
  name: string,
  [command = '', ...args]: readonly string[],
  limitMs: number,
): Promise<{ ok: boolean; seconds: number }> {
  if (interrupted) return { ok: false, seconds: 0 }
  console.log(`\n== ${name}`)
  const beganAt = performance.now()
  // A group of its own, so that the time limit ends whatever the step started.
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
  const end = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal)
  }
  const stop = () => {
    interrupted = true
    end('SIGTERM')
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const limit = setTimeout(() => {
    console.log(`-- ${name}: stopped after ${limitMs / 1000} s`)
    end('SIGTERM')
    setTimeout(() => end('SIGKILL'), 10_000).unref()
  }, limitMs)
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (problem) => {
      console.log(problem.message)
      resolve(null)
    })
    child.once('exit', (status) => resolve(status))
  })
  clearTimeout(limit)
  process.off('SIGINT', stop).off('SIGTERM', stop)
  return { ok: code === 0, seconds: Math.round((performance.now() - beganAt) / 100) / 10 }
}

/** Names what was skipped and what failed, then one line that can be counted. Skips are failures where nothing may be missing. */
export function summary(counts: Counts, noSkip: boolean): { text: string; ok: boolean } {
  const list = (title: string, names: readonly string[]) =>
    names.length ? [`\n${title}:`, ...names.map((name) => `  ${name}`)] : []
  const failed = counts.failed + (noSkip ? counts.skipped : 0)
  const skippedTitle = noSkip ? 'Skipped, which counts as failed here (EFIR_NO_SKIP=1)' : 'Skipped'
  const lines = [...list(skippedTitle, counts.skippedNames), ...list('Failed', counts.failedNames), '']
  lines.push(`${counts.passed} passed, ${failed} failed, ${noSkip ? 0 : counts.skipped} skipped`)
  return { text: lines.join('\n'), ok: failed === 0 }
}
