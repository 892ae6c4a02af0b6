import type { FastifyInstance } from 'fastify'
import type { Db } from './db.ts'
import { boxLetters } from './mail.ts'

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
const linked = (text: string) => escaped(text).replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`)

/** The demo's letter box. Production has none. */
export function serveMailBox(app: FastifyInstance, db: Db): void {
  app.get('/dev/mail', async (_, reply) => {
    const letters = await boxLetters(db)
    const items = letters.map(
      ({ id, at, letter }) =>
        `<article lang="${escaped(letter.locale)}" dir="${letter.locale === 'ar' ? 'rtl' : 'ltr'}" id="m${id}"><h2>${escaped(letter.subject)}</h2><p><small>${escaped(letter.to)} · <time>${new Date(at).toISOString()}</time></small></p><pre>${linked(letter.text)}</pre></article>`,
    )
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Letter box</title><link rel="stylesheet" href="/dev/mail.css"></head><body><h1>Letter box</h1>${items.join('') || '<p>No letters yet.</p>'}</body></html>`,
      )
  })
  app.get('/dev/mail.json', async () => ({ letters: await boxLetters(db) }))
  app.get('/dev/mail.css', async (_, reply) =>
    reply
      .type('text/css')
      .send(
        'body{font:16px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}article{border-block-start:1px solid #8888;padding-block:1rem}h2{font-size:1.1rem;margin:0}pre{white-space:pre-wrap;font:inherit}',
      ),
  )
}
