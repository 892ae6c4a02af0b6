import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * PostgreSQL refuses to run as root. Then it runs as a number of its own, outside every range that distributions and
 * systemd hand out, so that no other daemon shares its files. initdb insists on an account that has a name: it runs as
 * `nobody` and the new cluster is handed over.
 */
export interface Account {
  readonly uid: number
  readonly gid: number
  readonly named: { readonly uid: number; readonly gid: number }
}

const ownNumber = 60_584

/** null: we are not root and PostgreSQL runs as we do. */
export function chooseAccount(): Account | null {
  if (process.getuid?.() !== 0) return null
  return { uid: ownNumber, gid: ownNumber, named: namedAccount(readFileSync('/etc/passwd', 'utf8')) }
}

export function namedAccount(passwd: string): Account['named'] {
  const accounts = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && Number(fields[2]) > 0)
  const chosen = accounts.find(([name]) => name === 'nobody') ?? accounts[0]
  if (!chosen)
    throw new Error(
      'PostgreSQL refuses to run as root, and /etc/passwd names no other account. Set DATABASE_URL or add the account "nobody".',
    )
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) }
}

/** May this account, which is in no other group, enter every folder above the path and read it (run it, when it can be run)? */
export function reachableBy(path: string, uid: number, gid: number): boolean {
  let at = realpathSync(path)
  let wanted = (statSync(at).mode & 0o100) !== 0 ? 0o5 : 0o4
  for (;;) {
    const found = statSync(at)
    const shift = found.uid === uid ? 6 : found.gid === gid ? 3 : 0
    if (((found.mode >> shift) & wanted) !== wanted) return false
    const above = dirname(at)
    if (above === at) return true
    at = above
    wanted = 0o1
  }
}
