import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Advisories, knownHoles, type LockedPackage, wrongPackages } from './packages.ts'

/** Of the packages that an installation brings: licences, install scripts, integrity, and the registry's advisories where it has them. */
const root = join(import.meta.dirname, '..')
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>
}
const wrong = wrongPackages(lock.packages)

const asked = spawnSync('npm', ['audit', '--omit=dev', '--json'], { cwd: root, encoding: 'utf8', timeout: 60_000 })
const holes = knownHoles(readReport(asked.stdout))
if (holes === null) console.log('The registry in use publishes no advisories: known holes were not looked up.')

for (const line of [...wrong, ...(holes ?? [])]) console.log(line)
console.log(`${Object.keys(lock.packages).length} packages looked at`)
process.exitCode = wrong.length + (holes?.length ?? 0) > 0 ? 1 : 0

function readReport(text: string): Advisories {
  try {
    return JSON.parse(text) as Advisories
  } catch (problem) {
    if (problem instanceof SyntaxError) return {}
    throw problem
  }
}
