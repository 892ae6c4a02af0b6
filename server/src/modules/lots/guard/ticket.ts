import { seal, unseal } from '../../../kernel/seal.ts'

/** Who watches a show, on which device, since when. Carried by the viewer and renewed while they watch; nothing is stored. */
export interface WatchTicket {
  readonly showId: string
  readonly personId: string
  readonly device: string
  readonly sinceAt: number
  readonly seenAt: number
}

const purpose = 'watch.1'
/** A ticket that was not renewed for this long is over: its holder went away. */
export const ticketMs = 60_000
export const renewMs = 20_000
/** Who has watched for this long is a viewer. */
export const watchedMs = 10_000

export const signTicket = (secret: string, ticket: WatchTicket): string => seal(secret, purpose, ticket)

/** Null when it is forged, somebody else's, of another show or over. */
export function readTicket(
  secret: string,
  text: string | undefined,
  { showId, personId, now }: { showId: string; personId: string; now: number },
): WatchTicket | null {
  if (text === undefined || text.length > 1_024) return null
  const ticket = unseal<WatchTicket>(secret, purpose, text)
  if (!ticket || ticket.showId !== showId || ticket.personId !== personId) return null
  return now - ticket.seenAt <= ticketMs ? ticket : null
}

/** What is still missing before this viewer may buy, ms; 0 when nothing is. Sealed times are the server's own. */
export const stillToWatchMs = (ticket: WatchTicket | null, now: number): number =>
  ticket ? Math.max(0, ticket.sinceAt + watchedMs - now) : watchedMs
