import { ConfigSchema } from './config.ts'

interface Described {
  description?: string
  default?: unknown
}

/** The text of `.env.example`, made from the schema; a test keeps the file equal. */
export function envExample(): string {
  const entries = Object.entries(ConfigSchema.properties as Record<string, Described>)
  const lines = entries.map(
    ([name, { description, default: usual }]) =>
      `# ${description ?? ''}\n${usual === undefined ? `# ${name}=` : `# ${name}=${String(usual)}`}\n`,
  )
  return `# Every setting has a default; nothing here is needed to start.\n\n${lines.join('\n')}`
}
