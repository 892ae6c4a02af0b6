import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type Bus, openLocalBus } from './bus.ts'
import { systemClock } from './clock.ts'
import type { Kernel } from './context.ts'
import { openDb } from './db.ts'
import { openEvents } from './events.ts'
import { openIds } from './ids.ts'
import { openWorkerJobs } from './jobs.ts'
import type { Log } from './log.ts'
import { openBoxMail, openSmtpMail } from './mail.ts'
import { openOutbound } from './outbound.ts'
import { openS3Storage } from './s3-storage.ts'
import { keptSecret } from './secret.ts'
import { openDiskStorage, type Storage } from './storage.ts'

/** The tools, in the order they lean on one another; closed in reverse. */
export async function openKernel(
  stack: AsyncDisposableStack,
  options: { config: Config; log: Log; databaseUrl: string },
): Promise<Kernel> {
  const { config, log } = options
  const clock = systemClock
  const db = stack.use(openDb({ url: options.databaseUrl, size: config.EFIR_DB_POOL, log }))
  const secret = config.EFIR_SECRET ?? (await keptSecret(config.dataDir))
  const bus = stack.use(await openBus(config, log, secret))
  const events = stack.use(openEvents({ db, clock, log, bus }))
  const jobs = stack.use(openWorkerJobs({ db, log }))
  const mail = stack.use(
    config.SMTP_URL ? openSmtpMail({ url: config.SMTP_URL, from: config.EFIR_MAIL_FROM }) : openBoxMail({ db, clock }),
  )
  return {
    config,
    log,
    clock,
    db,
    events,
    jobs,
    mail,
    outbound: stack.use(openOutbound({ allow: config.EFIR_OUTBOUND_ALLOW?.split(',').map((host) => host.trim()) })),
    ids: openIds(clock.now),
    bus,
    storage: openStorage(config),
    secret,
  }
}

export function openStorage(config: Config): Storage {
  const { EFIR_S3_URL: endpoint, EFIR_S3_REGION: region, EFIR_S3_KEY = '', EFIR_S3_SECRET = '', dataDir } = config
  if (!endpoint) return openDiskStorage(join(dataDir, 'files'))
  return openS3Storage({
    endpoint,
    region,
    accessKeyId: EFIR_S3_KEY,
    secretAccessKey: EFIR_S3_SECRET,
    work: join(dataDir, 'work'),
  })
}

/** The client is loaded where there is a Redis only. Processes of one installation share their secret, and so find one another. */
async function openBus(config: Config, log: Log, secret: string): Promise<Bus> {
  if (!config.EFIR_REDIS_URL) return openLocalBus()
  const { openRedisBus } = await import('./redis-bus.ts')
  const prefix = `efir:${createHmac('sha256', secret).update('bus').digest('hex').slice(0, 16)}:`
  return openRedisBus({ url: config.EFIR_REDIS_URL, prefix, log })
}
