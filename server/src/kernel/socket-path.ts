import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** sockaddr_un holds 107 bytes of path; a deeper data folder keeps its sockets in the system's temporary folder. */
export function socketPath(dataDir: string, name: string): string {
  const near = join(dataDir, name)
  if (Buffer.byteLength(near) <= 100) return near
  const folder = join(tmpdir(), `efir-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, name)
}
