export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** One JSON object per line. `write` must swallow a closed pipe: the server that started us may be gone. */
export function jsonLog(write: (line: string) => void, now: () => number, base: LogFields = {}): Log {
  const line = (level: string, event: string, fields?: LogFields) =>
    write(`${JSON.stringify({ level, time: now(), event, ...base, ...fields })}\n`)
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error: (event, fields) => line('error', event, fields),
  }
}

const say = () => undefined
export const silentLog: Log = { info: say, warn: say, error: say }
