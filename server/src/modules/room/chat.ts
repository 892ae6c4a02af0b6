import type { ChatLine } from '@efir/contract/room/down.ts'
import type { Ctx } from '../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../kernel/refusal.ts'
import { chatRefusal, cleanLine } from './rules.ts'
import { keepLines, type LineToKeep } from './verbs.ts'
import { policyOf, type ShowPolicy } from './views.ts'

/** Lines in one statement, and lines that may wait for the next one. */
const batchLines = 256
const waitingLines = 4_000
const keptPolicies = 2_000
const keptSpeakers = 100_000

export interface Speaker {
  readonly personId: string
  readonly name: string
}

/** Where every line goes through, from sockets and from HTTP: judged from memory, kept in batches, then shown. */
export interface ChatDesk {
  /** Resolves when the line is in the log. */
  say(showId: string, speaker: Speaker, key: string, text: string): Promise<ChatLine>
  /** What was known about a show, or about all, may have changed. */
  forget(showId: string | null): void
  policy(showId: string): Promise<ShowPolicy | null>
}

interface Waiting {
  readonly line: LineToKeep
  readonly resolve: (line: ChatLine) => void
  readonly reject: (problem: unknown) => void
}

export function openChatDesk(ctx: Ctx, show: (showId: string, line: ChatLine) => void): ChatDesk {
  const policies = new Map<string, Promise<ShowPolicy | null>>()
  const spokeAt = new Map<string, number>()
  let waiting: Waiting[] = []
  let writing = false

  function policy(showId: string): Promise<ShowPolicy | null> {
    const known = policies.get(showId)
    if (known) return known
    const read = policyOf(ctx, showId)
    policies.set(showId, read)
    read.catch(() => policies.delete(showId))
    if (policies.size > keptPolicies) policies.delete(policies.keys().next().value as string)
    return read
  }

  /** One statement at a time: what comes meanwhile goes with the next. Nothing is shown that is not in the log. */
  async function write(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchLines)
      waiting = waiting.slice(batchLines)
      try {
        const kept = await keepLines(
          ctx,
          batch.map((one) => one.line),
        )
        batch.forEach((one, i) => {
          const line = kept[i] as ChatLine
          if (line.id === one.line.id) show(one.line.showId, line)
          one.resolve(line)
        })
      } catch (problem) {
        for (const one of batch) one.reject(problem)
      }
    }
    writing = false
  }

  function keep(line: LineToKeep): Promise<ChatLine> {
    if (waiting.length >= waitingLines) throw new Refusal('busy', { retryInMs: 1_000 })
    return new Promise((resolve, reject) => {
      waiting.push({ line, resolve, reject })
      if (!writing) void write()
    })
  }

  async function say(showId: string, speaker: Speaker, key: string, text: string): Promise<ChatLine> {
    const known = found(await policy(showId))
    const mark = known.marks.get(speaker.personId)
    refuseIf(known.entry === 'team' && !mark, 'show_not_public')
    const clean = cleanLine(text)
    if (clean === null) throw new Refusal('bad_input', { field: 'text', problem: 'is empty' })
    const now = ctx.now()
    const spoke = `${showId} ${speaker.personId}`
    const said = spokeAt.get(spoke)
    const again = said !== undefined && lastKeys.get(spoke) === key
    const no = chatRefusal(known, {
      personId: speaker.personId,
      marked: mark !== undefined,
      text: clean,
      lastAt: again ? null : (said ?? null),
      now,
    })
    if (no) throw new Refusal(no.code, no.params)
    remember(spoke, key, now)
    return await keep({
      id: ctx.ids.make('message'),
      showId,
      key,
      person: speaker.personId,
      name: speaker.name.slice(0, 80),
      text: clean,
      at: now,
      ...(mark ? { mark } : {}),
    })
  }

  /** A line that is sent again because its answer was lost is not slowed down. */
  const lastKeys = new Map<string, string>()
  function remember(spoke: string, key: string, now: number): void {
    spokeAt.delete(spoke)
    spokeAt.set(spoke, now)
    lastKeys.set(spoke, key)
    if (spokeAt.size <= keptSpeakers) return
    const oldest = spokeAt.keys().next().value as string
    spokeAt.delete(oldest)
    lastKeys.delete(oldest)
  }

  return {
    say,
    policy,
    forget(showId) {
      if (showId === null) policies.clear()
      else policies.delete(showId)
    },
  }
}
