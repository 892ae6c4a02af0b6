import { resolve } from 'node:path'
import { type Static, Type } from 'typebox'
import { Check, Convert, Default, Errors } from 'typebox/value'
import { type OidcProvider, oidcProviders } from './config-oidc.ts'

/** Every setting of the server; `.env.example` is generated from it and a test keeps them equal. Nothing else reads process.env. */
export const ConfigSchema = Type.Object({
  EFIR_MODE: Type.Union([Type.Literal('demo'), Type.Literal('production')], {
    default: 'demo',
    description: 'production refuses demo logins, default secrets and a missing mail server',
  }),
  HOST: Type.String({ default: '127.0.0.1', description: 'address to listen on; --lan listens on all' }),
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65_535, description: 'port of the website and API' }),
  EFIR_ORIGIN: Type.Optional(
    Type.String({ description: 'public address, such as https://live.example; derived from HOST and PORT when empty' }),
  ),
  EFIR_DATA: Type.String({ default: './data', description: 'folder of the embedded database, files, sockets and secrets' }),
  DATABASE_URL: Type.Optional(Type.String({ description: 'PostgreSQL >= 15 to use instead of the embedded one' })),
  EFIR_DB_POOL: Type.Integer({ default: 20, minimum: 2, maximum: 200, description: 'connections of this process' }),
  EFIR_REDIS_URL: Type.Optional(
    Type.String({
      description: 'Redis or Valkey between several server processes, such as redis://host:6379; one process needs none',
    }),
  ),
  EFIR_PROCESSES: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 64,
    description: 'server processes behind the one port, such as one for each core; more than one needs EFIR_REDIS_URL',
  }),
  EFIR_S3_URL: Type.Optional(
    Type.String({
      description: 'bucket for pictures and recordings, such as https://s3.example/efir; the data folder when empty',
    }),
  ),
  EFIR_S3_REGION: Type.String({ default: 'auto', description: 'region of the bucket' }),
  EFIR_S3_KEY: Type.Optional(Type.String({ description: 'access key of the bucket' })),
  EFIR_S3_SECRET: Type.Optional(Type.String({ description: 'secret of that key' })),
  EFIR_SECRET: Type.Optional(
    Type.String({
      minLength: 32,
      description: 'signs tokens; made and kept in the data folder when empty (production wants it set)',
    }),
  ),
  EFIR_SECRETS_BEFORE: Type.Optional(
    Type.String({
      description: 'comma-separated earlier EFIR_SECRETs: still open the keys of payment providers until sealed anew',
    }),
  ),
  EFIR_STRIPE_API: Type.String({ default: 'https://api.stripe.com', description: 'address of the API of Stripe' }),
  EFIR_YOOKASSA_API: Type.String({ default: 'https://api.yookassa.ru', description: 'address of the API of YooKassa' }),
  SMTP_URL: Type.Optional(
    Type.String({ description: 'mail server, such as smtp://user:pass@host:587; in the demo mail lands in /dev/mail' }),
  ),
  EFIR_MAIL_FROM: Type.String({ default: 'Efir <shop@efir.example>', description: 'sender of mail' }),
  EFIR_OIDC_PROVIDERS: Type.Optional(
    Type.String({
      description:
        'sign-in with accounts elsewhere (OpenID Connect), JSON: [{"id":"google","name":"Google","issuer":"https://accounts.google.com","clientId":"...","clientSecret":"...","joinsByEmail":true}]; the redirect address is EFIR_ORIGIN/api/sign-in/outside/<id>/back',
    }),
  ),
  EFIR_RTMP_PORT: Type.Integer({ default: 1935, minimum: 0, maximum: 65_535, description: 'RTMP ingest; 0 picks a free one' }),
  EFIR_WEBRTC_IPS: Type.Optional(Type.String({ description: 'comma-separated addresses announced to WebRTC publishers' })),
  EFIR_WEBRTC_PORTS: Type.Optional(Type.String({ description: 'UDP port range for WebRTC, such as 40000-40100' })),
  EFIR_OUTBOUND_ALLOW: Type.Optional(
    Type.String({
      description:
        'comma-separated hosts, such as hooks.internal:8080, that web hooks, feeds and push may reach though private or plain http',
    }),
  ),
  EFIR_WHEP_VIEWERS: Type.Integer({
    default: 50,
    minimum: 0,
    maximum: 1000,
    description: 'seats per show for viewers by WebRTC, half a second behind the host, while a deal counts seconds; 0 closes it',
  }),
  EFIR_AAC: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'AAC beside the Opus of browsers, so that older iPhones have sound',
  }),
  EFIR_OFFLINE: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off takes the service worker out of every browser that comes back: no offline page, no push',
  }),
  EFIR_LOG: Type.Union(
    [Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error'), Type.Literal('silent')],
    { default: 'info', description: 'log level' },
  ),
  EFIR_PROXIES: Type.Optional(
    Type.String({
      description:
        'comma-separated addresses or networks (10.0.0.0/8) of proxies that are believed about who asks; in production the loopback when empty',
    }),
  ),
  EFIR_LEAVE_NOTICE_MS: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 60_000,
    description:
      'told to end (SIGTERM), /readyz says no for so long before the port closes: as long as the proxy takes to notice',
  }),
  EFIR_DRAIN_MS: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 20_000,
      description:
        'kept lines of a proxy stay for so long then, longer than it keeps them idle; 6000 in production when empty, else 0',
    }),
  ),
  EFIR_MEDIA_STAYS: Type.Union([Type.Literal('yes'), Type.Literal('no')], {
    default: 'no',
    description: 'yes: SIGTERM leaves the media process on air, and the next server of this data folder takes it over',
  }),
  EFIR_AUDIT_DAYS: Type.Integer({ default: 400, minimum: 1, maximum: 36_500, description: 'how long the audit log is kept' }),
  EFIR_METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description: '/metrics, /healthz and /readyz on a port of their own; further processes take the next ones; off when empty',
    }),
  ),
  EFIR_METRICS_HOST: Type.String({ default: '127.0.0.1', description: 'address of that port; keep it off the internet' }),
  EFIR_METRICS_TOKEN: Type.Optional(
    Type.String({
      minLength: 16,
      description: '/metrics wants it as a bearer token; open to whoever reaches the port when empty',
    }),
  ),
  EFIR_ROOM_SOCKETS: Type.Integer({
    default: 20_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'viewers of all rooms that this process takes; further ones are told to come again',
  }),
  EFIR_ROOM_SOCKETS_PER_ADDRESS: Type.Integer({
    default: 4_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'and of one address (or IPv6 network): mobile carriers put thousands of people behind one',
  }),
  EFIR_ROOM_CACHED_FROM: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1_000_000,
    description: 'a room of so many viewers (per process) sends further ones to the caches in front of the server; 0 is never',
  }),
  EFIR_DISK_FLOOR_MB: Type.Integer({
    default: 1024,
    minimum: 0,
    maximum: 10_000_000,
    description: 'recording stops when less than this is free',
  }),
})

export type Settings = Static<typeof ConfigSchema>

export interface Flags {
  readonly empty: boolean
  readonly lan: boolean
  readonly parts: readonly Part[]
  /** Started by another process, whose port it shares. */
  readonly sibling: boolean
}
export const allParts = ['web', 'worker', 'room', 'media'] as const
export type Part = (typeof allParts)[number]

export interface Config extends Settings {
  readonly flags: Flags
  readonly dataDir: string
  readonly production: boolean
  readonly oidc: readonly OidcProvider[]
}

/** Throws one readable error that names every wrong setting. */
export function readConfig(env: Record<string, string | undefined>, args: readonly string[]): Config {
  const given = Object.fromEntries(
    Object.keys(ConfigSchema.properties).flatMap((key) => (env[key] === undefined || env[key] === '' ? [] : [[key, env[key]]])),
  )
  const settings = Default(ConfigSchema, Convert(ConfigSchema, given))
  if (!Check(ConfigSchema, settings)) {
    const wrong = [...Errors(ConfigSchema, settings)].map((e) => `${e.instancePath.slice(1) || 'settings'}: ${e.message}`)
    throw new Error(`The configuration is wrong:\n  ${[...new Set(wrong)].join('\n  ')}`)
  }
  if (settings.EFIR_PROCESSES > 1 && !settings.EFIR_REDIS_URL)
    throw new Error('The configuration is wrong:\n  EFIR_PROCESSES: more than one process needs EFIR_REDIS_URL')
  const production = settings.EFIR_MODE === 'production'
  return Object.freeze({
    ...settings,
    flags: readFlags(args),
    dataDir: resolve(settings.EFIR_DATA),
    production,
    oidc: oidcProviders(settings.EFIR_OIDC_PROVIDERS, production),
  })
}

function readFlags(args: readonly string[]): Flags {
  let parts: readonly Part[] = allParts
  for (const arg of args) {
    if (arg === '--empty' || arg === '--lan' || arg === '--sibling') continue
    if (!arg.startsWith('--parts='))
      throw new Error(`Unknown option ${arg}. Known: --empty, --lan, --parts=${allParts.join(',')}`)
    const names = arg.slice('--parts='.length).split(',')
    const wrong = names.filter((n) => !(allParts as readonly string[]).includes(n))
    if (wrong.length) throw new Error(`Unknown part ${wrong.join(', ')}. Known: ${allParts.join(', ')}`)
    parts = names as Part[]
  }
  return Object.freeze({
    empty: args.includes('--empty'),
    lan: args.includes('--lan'),
    parts,
    sibling: args.includes('--sibling'),
  })
}

/** What production needs and lacks; empty when all is well. */
export function missingForProduction(config: Config): string[] {
  if (!config.production) return []
  const missing: string[] = []
  if (!config.EFIR_SECRET) missing.push('EFIR_SECRET: at least 32 random characters')
  if (!config.SMTP_URL) missing.push('SMTP_URL: a mail server for sign-in codes and order mail')
  if (!config.EFIR_ORIGIN) missing.push('EFIR_ORIGIN: the public https address')
  return missing
}
