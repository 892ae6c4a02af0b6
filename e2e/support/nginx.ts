import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTls } from '../../server/src/kernel/lan.ts'
import { freePort, until } from './efir.ts'

const config = join(import.meta.dirname, '../../ops/nginx/nginx.conf')

export interface Front extends AsyncDisposable {
  readonly port: number
  readonly base: string
  /** The authority that signed its certificate. */
  readonly ca: string
  log(): string
}

/** The configuration that operators get, with the places of this machine put in. */
export async function openProxy(nginx: string, servers: readonly number[]): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'efir-proxy-'))
  const [port, plain] = [await freePort(), await freePort()]
  const tls = openTls({ dataDir: folder, addresses: ['127.0.0.1'], now: Date.now() })
  mkdirSync(join(folder, 'tmp'))
  writeFileSync(join(folder, 'cert.pem'), tls.cert)
  writeFileSync(join(folder, 'key.pem'), tls.key, { mode: 0o600 })
  const text = readFileSync(config, 'utf8')
    .replaceAll(/server server-(\d):3000/g, (_, n: string) => `server 127.0.0.1:${servers[Number(n) - 1]}`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('listen 80', `listen 127.0.0.1:${plain}`)
    .replaceAll('/tmp/', `${folder}/tmp/`)
    .replace('/etc/nginx/tls/fullchain.pem', join(folder, 'cert.pem'))
    .replace('/etc/nginx/tls/privkey.pem', join(folder, 'key.pem'))
    .replace('include mime.types', 'include /etc/nginx/mime.types')
    .replace('worker_processes auto', 'daemon off;\nworker_processes 1')
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, text)
  const errors = join(folder, 'error.log')
  execFileSync(nginx, ['-t', '-q', '-p', folder, '-c', file, '-e', errors], { stdio: 'pipe' })
  const child: ChildProcess = spawn(nginx, ['-p', folder, '-c', file, '-e', errors], { stdio: 'ignore' })
  const base = `https://127.0.0.1:${port}`
  await until(
    async () => (await fetch(`http://127.0.0.1:${plain}/`, { redirect: 'manual' })).status === 301,
    10_000,
    () => `nginx does not answer: ${readFileSync(errors, 'utf8')}`,
  )
  return {
    port,
    base,
    ca: readFileSync(tls.authorityFile, 'utf8'),
    log: () => readFileSync(errors, 'utf8'),
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGQUIT')
      const late = setTimeout(() => child.kill('SIGTERM'), 1_000)
      await gone
      clearTimeout(late)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
