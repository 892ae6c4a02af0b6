import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, until } from '../../e2e/support/efir.ts'

const nginx = '/usr/sbin/nginx'
const rtmpModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so'
export const nginxRtmpInstalled = (): boolean => existsSync(nginx) && existsSync(rtmpModule)

export interface NginxRtmp {
  readonly publishUrl: string
  readonly pageUrl: string
  /** True once there is something to play. */
  ready(): Promise<boolean>
  stop(): Promise<void>
}

/** Classic HLS as nginx-rtmp makes it, with fragments of 2 s, and a page that plays it with the same hls.js as ours. */
export async function openNginxRtmp(): Promise<NginxRtmp> {
  const folder = mkdtempSync(join(tmpdir(), 'efir-nginx-'))
  const [rtmpPort, httpPort] = [await freePort(), await freePort()]
  mkdirSync(join(folder, 'www/hls'), { recursive: true })
  copyFileSync(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'), join(folder, 'www/hls.js'))
  writeFileSync(
    join(folder, 'www/index.html'),
    `<!doctype html><meta charset="utf-8"><title>nginx-rtmp</title><video muted autoplay playsinline></video><script src="/hls.js"></script>
<script>const h = new Hls(); h.attachMedia(document.querySelector('video')); h.loadSource('/hls/clock.m3u8')</script>`,
  )
  writeFileSync(join(folder, 'nginx.conf'), configOf(folder, rtmpPort, httpPort))
  const child = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'ignore',
  })
  const base = `http://127.0.0.1:${httpPort}`
  const asks = async (path: string) => (await fetch(`${base}${path}`)).ok
  await until(
    () => asks('/'),
    10_000,
    () => 'nginx does not answer',
  )
  return {
    publishUrl: `rtmp://127.0.0.1:${rtmpPort}/hls/clock`,
    pageUrl: `${base}/`,
    ready: () => asks('/hls/clock.m3u8'),
    stop: () => stop(child, folder),
  }
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  rmSync(folder, { recursive: true, force: true })
}

const configOf = (folder: string, rtmpPort: number, httpPort: number): string => `
load_module ${rtmpModule};
daemon off;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 256; }
rtmp { server { listen 127.0.0.1:${rtmpPort};
  application hls { live on; hls on; hls_path ${folder}/www/hls; hls_fragment 2s; hls_playlist_length 10s; } } }
http {
  types { text/html html; text/javascript js; application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server { listen 127.0.0.1:${httpPort}; root ${folder}/www; add_header cache-control no-cache; } }
`
