import { type Logger, pino } from 'pino'

export type Log = Logger

/** Structured lines on stdout. Names that may carry secrets never reach it. */
export function openLog(level: string, base: Record<string, unknown> = {}): Log {
  return pino({
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { problem: (problem: unknown) => (problem instanceof Error ? (problem.stack ?? problem.message) : problem) },
    redact: {
      paths: ['*.password', '*.token', '*.secret', '*.credential', '*.code', 'req.headers.authorization', 'req.headers.cookie'],
      censor: '[hidden]',
    },
  })
}
