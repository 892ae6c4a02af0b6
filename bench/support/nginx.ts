import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, until } from '../../e2e/support/efir.ts'
import { toolPath } from '../../scripts/needs.ts'

const nginx = toolPath('nginx') ?? '/usr/sbin/nginx'
export const nginxInstalled = (): boolean => existsSync(nginx)

export interface CachingNginx extends AsyncDisposable {
  readonly port: number
  /** CPU of nginx so far, all its processes. */
  cpuMs(): number
}

/** nginx with the configuration that the manual gives, in front of a server on `upstream`. */
export async function openCachingNginx(upstream: number): Promise<CachingNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'efir-nginx-'))
  const port = await freePort()
  const given = readFileSync(join(import.meta.dirname, '../../docs/operating/room-caches.conf'), 'utf8')
    .replace('/var/cache/nginx/efir-room', join(folder, 'cache'))
    .replace('127.0.0.1:3000', `127.0.0.1:${upstream}`)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root; ' : ''}daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 10000000; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
${given} }`,
  )
  const child = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'inherit',
  })
  const pids = () =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ').filter(Boolean).concat(String(child.pid))
  await until(
    async () => (await fetch(`http://127.0.0.1:${port}/nothing`)).status > 0,
    10_000,
    () => 'nginx does not answer',
  )
  return {
    port,
    // Ticks of 10 ms in user and kernel mode.
    cpuMs: () =>
      pids().reduce((sum, pid) => {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
        return sum + (Number(fields[11]) + Number(fields[12])) * 10
      }, 0),
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill('SIGTERM')) await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
