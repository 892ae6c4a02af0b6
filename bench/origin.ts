import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as openTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../media/src/clock.ts'
import { createOrigin } from '../media/src/hls/origin.ts'
import { openStream } from '../media/src/stream.ts'
import { OPUS, SMALL, synthetic } from '../media/src/testing/synthetic.ts'
import { toolPath } from '../scripts/needs.ts'
import { cpuOf, follow } from './support/follow.ts'
import { beside, formOf, median, report, rounded } from './support/measure.ts'

/** The origin of LL-HLS alone: bytes of parts beside nginx with the same files, and how many viewers one core follows in real time. */
const form = formOf(process.argv.slice(2))
const rounds = form.short ? 2 : 4
const burstMs = form.short ? 2_000 : 5_000
const pipes = 64

if (process.argv[2] === 'serve') await serve()
else await run()

/** A process of its own: a show of 1.5 Mbit/s, and its CPU told on its own path. */
async function serve(): Promise<void> {
  const stream = openStream({ id: 'show', clock: systemClock })
  const origin = createOrigin({ clock: systemClock })
  origin.serve(stream)
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    const path = (req.url ?? '').split('?')[0] ?? ''
    if (path === '/cpu') {
      const { user, system } = process.cpuUsage()
      res.end(JSON.stringify({ cpuUs: user + system }))
    } else void origin.handle(req, res, path)
  })
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve))
  const sink = stream.attach()
  sink.configure(SMALL)
  sink.configure(OPUS)
  const began = performance.now()
  const samples = synthetic({ seconds: 600, audio: OPUS, bytes: 6_000 })
  let at = 0
  setInterval(() => {
    const nowUs = (performance.now() - began) * 1000
    for (let next = samples[at]; next !== undefined && next.dtsUs <= nowUs; next = samples[at]) {
      sink.sample(next)
      at += 1
    }
  }, 10)
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
}

interface Clients {
  readonly answers: number
  readonly wrong: number
}

/** Keep-alive connections that ask again as soon as they were answered; each answer's length is checked. */
async function hammer(port: number, path: string, bytes: number, forMs: number): Promise<Clients> {
  const { request, Agent } = await import('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: pipes })
  const end = performance.now() + forMs
  let answers = 0
  let wrong = 0
  const one = () =>
    new Promise<void>((resolve) => {
      request({ port, host: '127.0.0.1', path, agent }, (res) => {
        let size = 0
        res.on('data', (chunk: Buffer) => {
          size += chunk.length
        })
        res.on('end', () => {
          answers += 1
          if (res.statusCode !== 200 || size !== bytes) wrong += 1
          resolve()
        })
      })
        .on('error', () => {
          wrong += 1
          resolve()
        })
        .end()
    })
  await Promise.all(
    Array.from({ length: pipes }, async () => {
      while (performance.now() < end) await one()
    }),
  )
  agent.destroy()
  return { answers, wrong }
}

interface Peer {
  readonly port: number
  /** CPU seconds that the server has used. */
  cpuS(): Promise<number>
  stop(): void
}

async function startOurs(): Promise<Peer> {
  const child = spawn(process.execPath, [import.meta.filename, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = Number(await new Promise<string>((resolve) => child.stdout.once('data', (line: Buffer) => resolve(String(line)))))
  return { port, cpuS: () => cpuOf([child]), stop: () => void child.kill('SIGKILL') }
}

async function startNginx(file: Buffer): Promise<Peer | null> {
  const nginx = toolPath('nginx')
  if (nginx === null) return null
  const folder = mkdtempSync(join(tmpdir(), 'efir-origin-'))
  writeFileSync(join(folder, 'part.m4s'), file)
  const port = await freePort()
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error;\nevents { worker_connections 4096; }\nhttp { access_log off; sendfile on; keepalive_requests 1000000; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};\nserver { listen 127.0.0.1:${port} backlog=4096; root ${folder}; } }\n`,
  )
  const child = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
  for (let tries = 0; tries < 100; tries += 1) {
    const up = await fetch(`http://127.0.0.1:${port}/part.m4s`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const stop = () => {
    child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  return { port, cpuS: () => cpuOf([child]), stop }
}

async function freePort(): Promise<number> {
  const server = openTcp()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function run(): Promise<void> {
  const ours = await startOurs()
  let nginx: Peer | null = null
  try {
    let list = ''
    for (let tries = 0; tries < 100 && !/EXTINF/.test(list); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 200))
      list = await fetch(`http://127.0.0.1:${ours.port}/show/live.m3u8`).then((res) => res.text())
    }
    const uri = /^#EXT-X-PART:.*URI="([^"]+)"/m.exec(list)?.[1] ?? ''
    const file = Buffer.from(await (await fetch(`http://127.0.0.1:${ours.port}/show/${uri}`)).arrayBuffer())
    nginx = await startNginx(file)
    let wrong = 0
    /** Answers per second of CPU of the server: what one core could give, whatever the clients cost. */
    const perCore = (peer: Peer, path: string) => async () => {
      const before = await peer.cpuS()
      const { answers, wrong: bad } = await hammer(peer.port, path, file.length, burstMs)
      wrong += bad
      return answers / Math.max(0.05, (await peer.cpuS()) - before)
    }
    const mine = perCore(ours, `/show/${uri}`)
    const compared =
      nginx === null
        ? { ours: [await mine()], ratios: {}, speeds: {} }
        : await beside(mine, { vsNginx: perCore(nginx, '/part.m4s') }, rounds)
    const viewers = form.short ? 150 : 400
    const before = await ours.cpuS()
    const seconds = form.short ? 6 : 20
    const seen = await follow({ port: ours.port, host: '127.0.0.1' }, ['/show'], viewers, seconds * 1000)
    const share = ((await ours.cpuS()) - before) / seconds
    console.log(
      `parts of ${file.length} bytes: ${Math.round(median(compared.ours))} a second and core; ${viewers} viewers in real time take ${rounded(share * 100)} % of a core, ${seen.parts} parts, ${seen.late} late`,
    )
    if (nginx === null) console.log('nginx is not installed: no peer in this run')
    report(form, 'origin', {
      wrong: wrong + seen.wrong + (seen.parts < viewers * seconds ? 1 : 0),
      ratios: compared.ratios,
      figures: {
        partsPerSecondAndCore: Math.round(median(compared.ours)),
        viewersInRealTime: Math.round(viewers / share),
        lateShare: rounded(seen.late / Math.max(1, seen.parts)),
      },
      targets: [
        { name: 'vsNginx', atLeast: 0.5 },
        { name: 'viewersInRealTime', atLeast: 1000 },
      ],
    })
  } finally {
    ours.stop()
    nginx?.stop()
  }
}
