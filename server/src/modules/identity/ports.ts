/** Who proves to be whom. The sign-in library stays behind this; nothing else of it is used. */
export interface Credentials extends AsyncDisposable {
  /** Makes a code, valid ten minutes and three tries, and hands it to `send`. */
  startCode(email: string): Promise<void>
  enterCode(email: string, code: string, name: string): Promise<Proof | 'wrong' | 'expired'>
  enterPassword(email: string, password: string): Promise<Proof | 'wrong'>
  /** Sets or replaces; the caller has proven who they are. */
  setPassword(userId: string, password: string): Promise<void>
  checkPassword(userId: string, password: string): Promise<'right' | 'wrong' | 'none'>
  /** A user without a code by mail: the demo world and the first operator. */
  create(userId: string, email: string, name: string): Promise<void>
}

export interface Proof {
  readonly userId: string
  readonly email: string
  readonly name: string
}
