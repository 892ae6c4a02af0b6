import type { RefusalCode } from '@efir/contract/refusals.ts'
import type { Ctx, Tx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'

/** Who proves to be whom. The sign-in library stays behind this; nothing else of it is used. */
export interface Credentials extends AsyncDisposable {
  /** Makes a code, valid ten minutes and three tries, and hands it to `send`. */
  startCode(email: string): Promise<void>
  enterCode(email: string, code: string, name: string): Promise<Proof | 'wrong' | 'expired'>
  /** Takes the same time for an address that nobody has. */
  enterPassword(email: string, password: string): Promise<Proof | 'wrong'>
  /** Sets or replaces; the caller has proven who they are. */
  setPassword(userId: string, password: string): Promise<void>
  checkPassword(userId: string, password: string): Promise<'right' | 'wrong' | 'none'>
  /** A user without a code by mail: the demo world, the first operator, an account elsewhere. */
  create(userId: string, email: string, name: string): Promise<void>
  userIdOf(email: string): Promise<string | null>
  /** Nothing of this user stays. */
  forget(userId: string, email: string): Promise<void>
}

export interface Proof {
  readonly userId: string
  readonly email: string
  readonly name: string
}

/** What a sign-in elsewhere begins with and must come back with. */
export interface OutsideFlow {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface OutsideProof {
  readonly subject: string
  /** Lower case; null when none is told. */
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string
}

/** Accounts elsewhere: OpenID Connect providers that the operator configured. */
export interface Outside {
  readonly providers: readonly { readonly id: string; readonly name: string; readonly joinsByEmail: boolean }[]
  start(provider: string, redirectUri: string): Promise<{ url: string; flow: OutsideFlow } | 'down'>
  finish(provider: string, back: URL, flow: OutsideFlow): Promise<OutsideProof | 'refused' | 'down'>
}

/** A person and the guests they were; the address is proven to be theirs. */
export interface Whole {
  readonly ids: readonly string[]
  readonly email: string
}

/** What one module keeps about people. A module that keeps something personal has one, and app.ts hands them over. */
export interface PersonPart {
  readonly name: string
  /** For the archive. */
  tell(ctx: Ctx, who: Whole): Promise<Readonly<Record<string, unknown>>>
  /** Why they cannot be erased now. */
  holds?(q: Queries, who: Whole): Promise<RefusalCode | null>
  /** Replaces or deletes what is personal; amounts and what others own stay. */
  erase(tx: Tx, who: Whole): Promise<void>
}

/** Stands where a name stood. */
export const nobodysName = '\u2014'
