import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { HookServer } from './hook-server.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface MediaProcess {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  readonly output: () => string
}

export const socketOf = (server: HookServer): string => `${server.dir}/media.sock`

/** Nothing of our own environment leaks in. */
export function mediaEnv(server: HookServer): Record<string, string> {
  return {
    EFIR_MEDIA_SOCKET: socketOf(server),
    EFIR_HOOKS_SOCKET: server.socketPath,
    EFIR_MEDIA_SECRET: server.secret,
    EFIR_RTMP_PORT: '0',
    EFIR_RTMP_HOST: '127.0.0.1',
    EFIR_MEDIA_VERSION: 'v1',
  }
}

export function startMedia(server: HookServer): MediaProcess {
  const child = spawn(process.execPath, [MAIN], { env: mediaEnv(server), stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  return { child, exited: new Promise((resolve) => child.on('exit', (code) => resolve(code))), output: () => text }
}

/** Starts it by a parent that then dies the hard way, and with it the pipe that media writes its log to. */
export async function startOrphan(server: HookServer): Promise<void> {
  const script = `require('node:child_process').spawn(process.execPath, [${JSON.stringify(MAIN)}], { stdio: ['ignore', 'pipe', 'pipe'], detached: true }).stdout.once('data', () => process.kill(process.pid, 'SIGKILL'))`
  const parent = spawn(process.execPath, ['-e', script], { env: mediaEnv(server), stdio: 'ignore' })
  await new Promise((resolve) => parent.on('exit', resolve))
}

export interface SocketAnswer {
  readonly status: number
  readonly body: string
}

export function ask(
  socketPath: string,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method: init.method ?? 'GET', headers: init.headers ?? {} }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }))
    })
    asked.on('error', reject)
    asked.end(init.body)
  })
}
