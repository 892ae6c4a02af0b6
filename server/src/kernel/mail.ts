import { createTransport } from 'nodemailer'
import type { Clock } from './clock.ts'
import type { Db } from './db.ts'
import { at, json, sql } from './sql.ts'

export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  /** BCP 47, sent as Content-Language. */
  readonly locale: string
  readonly attachments?: readonly { filename: string; content: string; contentType: string }[]
}

/** Sends or throws; callers are jobs, which try again. */
export interface Mail extends AsyncDisposable {
  send(letter: Letter): Promise<void>
  /** Of this process since its start; `problem` is what the mail server said last when it took no letter. */
  readonly counts: { readonly sent: number; readonly failed: number; readonly problem: string }
}

function counted(send: Mail['send'], close: () => Promise<void>): Mail {
  const counts = { sent: 0, failed: 0, problem: '' }
  return {
    counts,
    async send(letter) {
      try {
        await send(letter)
        counts.sent++
        counts.problem = ''
      } catch (problem) {
        counts.failed++
        counts.problem = String((problem as Error).message).slice(0, 200)
        throw problem
      }
    },
    [Symbol.asyncDispose]: close,
  }
}

export function openSmtpMail(options: { url: string; from: string }): Mail {
  const transport = createTransport(options.url, {
    from: options.from,
    connectionTimeout: 10_000,
    socketTimeout: 20_000,
  } as never)
  const send = async (letter: Letter): Promise<void> => {
    await transport.sendMail({
      from: options.from,
      to: letter.to,
      subject: letter.subject,
      text: letter.text,
      html: letter.html,
      headers: { 'Content-Language': letter.locale },
      attachments: letter.attachments?.map((a) => ({ ...a })),
    })
  }
  return counted(send, async () => transport.close())
}

/** The demo's letter box, readable at /dev/mail; keeps the newest 500. */
export function openBoxMail(options: { db: Db; clock: Clock }): Mail {
  const send = async (letter: Letter): Promise<void> => {
    await options.db.run(sql`insert into kernel.mail_box (at, letter) values (${at(options.clock.now())}, ${json(letter)})`)
    await options.db.run(sql`delete from kernel.mail_box where id <= (select max(id) - 500 from kernel.mail_box)`)
  }
  return counted(send, async () => undefined)
}

export const boxLetters = (db: Db) =>
  db.rows<{ id: number; at: number; letter: Letter }>(sql`select id, at, letter from kernel.mail_box order by id desc limit 100`)
