import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { until } from './efir.ts'

/** A real SMTP server that keeps what it is given. */
export interface Mailbox {
  readonly url: string
  readonly letters: readonly Email[]
  /** Waits for a letter to this address. */
  letterTo(address: string, about?: RegExp): Promise<Email>
  close(): Promise<void>
}

export async function openMailbox(): Promise<Mailbox> {
  const letters: Email[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, _session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(parts)).then((letter) => {
          letters.push(letter)
          done()
        }, done)
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as { port: number }
  const find = (address: string, about: RegExp) =>
    letters.find((letter) => letter.to?.some((to) => to.address === address) && about.test(letter.subject ?? ''))
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    async letterTo(address, about = /./) {
      await until(
        async () => find(address, about) !== undefined,
        30_000,
        () => `no letter to ${address}: ${letters.map((l) => `${l.to?.[0]?.address} ${l.subject}`).join('; ')}`,
      )
      return find(address, about) as Email
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
