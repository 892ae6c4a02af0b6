import { ConfigSchema } from './config.ts'

interface Described {
  readonly description?: string
  readonly default?: unknown
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly anyOf?: readonly { readonly const?: unknown }[]
}

/** The first group whose names match takes a setting. */
const groups: readonly { readonly title: string; readonly names: RegExp }[] = [
  { title: 'The website', names: /^(EFIR_MODE|HOST|PORT|EFIR_ORIGIN|EFIR_PROXIES|EFIR_LOG)$/ },
  { title: 'Data and secrets', names: /^(EFIR_DATA|DATABASE_URL|EFIR_DB_|EFIR_SECRET|EFIR_S3_|EFIR_DISK_)/ },
  { title: 'Several processes', names: /^EFIR_(REDIS_|ROOM_|PROCESS|LEAVE_|DRAIN_)/ },
  { title: 'Mail, push and sign-in', names: /^(SMTP_|EFIR_(MAIL_|OIDC_|PUSH_|VAPID_|PASSKEY))/ },
  { title: 'The picture', names: /^EFIR_(RTMP_|WEBRTC_|WHEP_|MEDIA_|AAC|ENGINE|PLAYBACK)/ },
  { title: 'Payments', names: /^EFIR_(STRIPE_|YOOKASSA_|PAY)/ },
  { title: 'Watching it', names: /^EFIR_(METRICS_|AUDIT_)/ },
  { title: 'Others', names: /./ },
]

/** `docs/operating/configuration.md`, made from the schema; a test keeps the file equal. */
export function configReference(): string {
  const entries = Object.entries(ConfigSchema.properties as Record<string, Described>)
  const groupOf = (name: string) => groups.find((group) => group.names.test(name))
  const parts = groups.flatMap((group) => {
    const own = entries.filter(([name]) => groupOf(name) === group)
    if (own.length === 0) return []
    const rows = own.map(
      ([name, text]) => `| \`${name}\` | ${valuesOf(name, text)} | ${usualOf(text)} | ${plain(text.description ?? '')} |`,
    )
    return [`## ${group.title}\n\n| setting | value | default | what it is |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`]
  })
  return `# Configuration

Made from the schema in \`server/src/config.ts\`: \`UPDATE=1 npx vitest run --project unit server/src/config.test.ts\` writes it anew. Settings are environment variables, read once at the start; a wrong one is named and nothing starts. Nothing here is needed to start.

Options of the command: \`--empty\` begins without the demo world, \`--lan\` listens on all addresses with a certificate of its own, \`--parts=web,worker,room,media\` picks what this process does.

${parts.join('\n')}`
}

function valuesOf(name: string, { anyOf, type, minimum, maximum, minLength }: Described): string {
  const choices = anyOf?.flatMap((one) => (one.const === undefined ? [] : [`\`${String(one.const)}\``]))
  if (choices && choices.length > 0) return choices.join(', ')
  if (type === 'integer') {
    const range = minimum === undefined ? 'whole number' : `${minimum} to ${maximum}`
    const unit = unitOf(name)
    return unit === '' ? range : `${range} ${unit}`
  }
  return minLength === undefined ? 'text' : `text, ${minLength} characters or more`
}

const units: Readonly<Record<string, string>> = { MS: 'ms', MB: 'MB', SECONDS: 's', DAYS: 'days', BYTES: 'bytes', KBPS: 'kbit/s' }
const unitOf = (name: string): string => units[name.slice(name.lastIndexOf('_') + 1)] ?? ''

const usualOf = ({ default: usual }: Described): string => (usual === undefined ? '' : `\`${String(usual)}\``)
const plain = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
