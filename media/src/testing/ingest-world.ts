import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../clock.ts'
import { createHooks } from '../hooks.ts'
import type { IngestLimits } from '../ingest/limits.ts'
import { INGEST_LIMITS } from '../ingest/limits.ts'
import { openRtmpIngest } from '../ingest/rtmp.ts'
import { Sessions } from '../ingest/session.ts'
import { WhipIngest } from '../ingest/whip.ts'
import type { WebrtcOptions } from '../ingest/whip-peer.ts'
import { jsonLog } from '../log.ts'
import type { HookServer } from './hook-server.ts'
import { openHookServer } from './hook-server.ts'
import type { Collected } from './sink.ts'
import { collector } from './sink.ts'

export interface IngestWorld {
  readonly server: HookServer
  readonly sessions: Sessions
  readonly outputs: Collected[]
  readonly rtmp: string
  readonly whip: string
  readonly logLines: string[]
  close(): Promise<void>
}

/** Both ingests before a real hook server; what comes in is kept. */
export async function openIngestWorld(
  changes: Partial<IngestLimits> = {},
  webrtc: Partial<WebrtcOptions> = {},
): Promise<IngestWorld> {
  const limits = { ...INGEST_LIMITS, ...changes }
  const clock = systemClock
  const logLines: string[] = []
  const log = jsonLog((line) => logLines.push(line), clock.now)
  const server = await openHookServer()
  const hooks = createHooks({ target: server, bootId: 'boot', clock, log })
  const { outputs, openOutput } = collector()
  const sessions = new Sessions({ hooks, clock, log, limits, openOutput })
  const rtmp = await openRtmpIngest({ sessions, clock, log, limits, host: '127.0.0.1', port: 0 })
  const whip = new WhipIngest({
    sessions,
    hooks,
    clock,
    log,
    limits,
    webrtc: { announcedIps: [], portRange: null, maxVideoKbps: 4000, ...webrtc },
  })
  const http = createServer((request, response) => void whip.handle(request, response, (request.url ?? '').slice('/whip'.length)))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    server,
    sessions,
    outputs,
    rtmp: `rtmp://127.0.0.1:${rtmp.port}/live`,
    whip: `http://127.0.0.1:${(http.address() as AddressInfo).port}/whip`,
    logLines,
    async close() {
      sessions.stop()
      whip.close()
      await rtmp.close()
      hooks.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await server.close()
    },
  }
}
