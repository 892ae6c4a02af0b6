import { directionOf, type Locale, textIn } from '@efir/contract/scalars.ts'
import { format } from '@efir/words/words.ts'
import webPush from 'web-push'
import type { Ctx, Tx } from '../../kernel/context.ts'
import { OutboundRefused } from '../../kernel/outbound.ts'
import { type JobSpec, job, on, type Reaction } from '../../kernel/reactions.ts'
import { at, sql } from '../../kernel/sql.ts'
import { guestClaimed } from '../identity/events.ts'
import * as orders from '../orders/events.ts'
import { cardOf } from '../shows/views.ts'
import { contactOf, vapidKeys } from './vapid.ts'
import { onGuestClaimed } from './verbs.ts'

/** What a browser shows; the service worker (web/src/worker) reads it. At most about 3 kB reach it (RFC 8030, 7.2). */
export interface PushNote {
  readonly title: string
  readonly body: string
  /** Opened by a tap. */
  readonly url: string
  /** A later note with the same tag takes the place of an earlier one. */
  readonly tag: string
  readonly lang: Locale
  readonly dir: 'ltr' | 'rtl'
}
interface Device {
  readonly mark: string
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
  readonly locale: Locale
}

const batch = 200
const keptMs = 30 * 86_400_000
const mostFailures = 5
/** A show is news for an hour, an order for a day; a push service keeps it no longer for a phone that is off. */
const ttlSeconds = { air: 3_600, order: 86_400 } as const

const orderSubjects = {
  paid: 'mail.order_paid_subject',
  shipped: 'mail.order_shipped_subject',
  delivered: 'mail.order_delivered_subject',
  cancelled: 'mail.order_cancelled_subject',
  refunded: 'mail.order_refunded_subject',
} as const
type OrderNews = keyof typeof orderSubjects

async function enqueue(tx: Tx, marks: readonly string[], news: string, payload: Record<string, unknown>): Promise<void> {
  for (const mark of marks) {
    const fresh = await tx.run(
      sql`insert into notifications.pushed values (${news}, ${mark}, ${at(tx.now)}) on conflict do nothing`,
    )
    if (fresh > 0) await tx.addJob('notifications.pushOne', { ...payload, mark }, { key: `push.${news}.${mark}`, maxAttempts: 6 })
  }
}

/** Browsers of those who set a reminder and of those who follow a host, in bounded steps. */
async function pushFollowers(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const showId = String(payload['showId'])
  const after = String(payload['after'] ?? '')
  await ctx.transaction(async (tx) => {
    await tx.run(sql`delete from notifications.pushed where at < ${at(tx.now - keptMs)}`)
    const devices = await tx.rows<{ mark: string }>(
      sql`select d.mark from notifications.push d where d.shows and d.mark > ${after} and (
            exists (select from shows.reminder r where r.show_id = ${showId} and r.person_id = d.person_id)
            or exists (select from shows.follow f join identity.role o on o.person_id = f.host_id
              where f.person_id = d.person_id and o.place_kind = 'show' and o.place_id = ${showId} and o.role = 'host'))
          order by d.mark limit ${batch}`,
    )
    await enqueue(
      tx,
      devices.map((one) => one.mark),
      `air.${showId}`,
      { showId },
    )
    if (devices.length === batch) await tx.addJob('notifications.pushFollowers', { showId, after: devices.at(-1)?.mark })
  })
}

async function noteFor(ctx: Ctx, payload: Record<string, unknown>, locale: Locale): Promise<PushNote | null> {
  const common = { lang: locale, dir: directionOf(locale) } as const
  if (payload['news']) {
    const number = String(payload['number'])
    const title = format(locale, orderSubjects[payload['news'] as OrderNews], { number })
    return { title, body: format(locale, 'account.push_order_text'), url: `/order/${number}`, tag: `order.${number}`, ...common }
  }
  const show = await cardOf(ctx, String(payload['showId']))
  if (show.state !== 'live' && show.state !== 'paused') return null
  const host = show.hosts[0]?.name ?? show.shopName
  const title = format(locale, 'mail.on_air_subject', { show: textIn(show.title, locale).slice(0, 150) })
  const body = format(locale, 'store.host_for_shop', { host, shop: show.shopName })
  return { title, body, url: `/show/${show.id}`, tag: `show.${show.id}`, ...common }
}

async function pushOne(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const device = await ctx.maybe<Device>(
    sql`select mark, endpoint, p256dh, auth, locale from notifications.push where mark = ${String(payload['mark'])}`,
  )
  if (!device) return
  const note = await noteFor(ctx, payload, device.locale)
  if (!note) return
  const forget = () => ctx.run(sql`delete from notifications.push where mark = ${device.mark}`)
  const status = await send(ctx, device, note, payload['news'] ? 'order' : 'air').catch(async (problem: unknown) => {
    if (!(problem instanceof OutboundRefused)) throw problem
    ctx.log.warn({ reason: problem.reason }, 'a push address is not public: forgotten')
    await forget()
    return null
  })
  if (status === null) return
  if (status >= 200 && status < 300)
    return void (await ctx.run(sql`update notifications.push set failures = 0 where mark = ${device.mark} and failures > 0`))
  // The subscription is over (RFC 8030, 7.3).
  if (status === 404 || status === 410) return void (await forget())
  if (status === 429 || status >= 500) throw new Error(`the push service answered ${status}`)
  ctx.log.warn({ status }, 'a push service took a note for wrong')
  await ctx.run(sql`update notifications.push set failures = failures + 1 where mark = ${device.mark}`)
  await ctx.run(sql`delete from notifications.push where mark = ${device.mark} and failures >= ${mostFailures}`)
}

/** Encrypted for this browser alone (RFC 8291), signed as this platform (RFC 8292). */
async function send(ctx: Ctx, device: Device, note: PushNote, kind: keyof typeof ttlSeconds): Promise<number> {
  const keys = await vapidKeys(ctx)
  const { endpoint, headers, body } = webPush.generateRequestDetails(
    { endpoint: device.endpoint, keys: { p256dh: device.p256dh, auth: device.auth } },
    JSON.stringify(note),
    {
      vapidDetails: { subject: contactOf(ctx.config), ...keys },
      contentEncoding: 'aes128gcm',
      TTL: ttlSeconds[kind],
      urgency: kind === 'air' ? 'high' : 'normal',
    },
  )
  const given = Object.fromEntries(
    Object.entries(headers as Record<string, string | number>).flatMap(([name, value]) =>
      name.toLowerCase() === 'content-length' ? [] : [[name, String(value)]],
    ),
  )
  const answer = await ctx.outbound.fetch(endpoint, { method: 'POST', headers: given, body, maxAnswerBytes: 10_000 })
  return answer.status
}

const told = <B extends orders.OrderBody>(type: Parameters<typeof on<B>>[0], newsOf: (body: B) => OrderNews | null): Reaction =>
  on(type, async (tx, body) => {
    const news = newsOf(body)
    if (!news) return
    const devices = await tx.rows<{ mark: string }>(
      sql`select d.mark from notifications.push d join identity.person p on p.id = ${body.personId}
          where d.orders and d.person_id in (p.id, p.claimed_by) order by d.mark limit 20`,
    )
    await enqueue(
      tx,
      devices.map((one) => one.mark),
      `${news}.${body.orderId}`,
      { news, number: body.number },
    )
  })

export const pushReactions: Reaction[] = [
  on(guestClaimed, onGuestClaimed),
  told(orders.orderPaid, () => 'paid'),
  told(orders.orderShipped, () => 'shipped'),
  told(orders.orderDelivered, () => 'delivered'),
  told(orders.orderCancelled, (body) => (body.reason === 'unpaid' ? null : 'cancelled')),
  told(orders.orderRefunded, () => 'refunded'),
]

export const pushJobs: JobSpec[] = [
  job('notifications.pushFollowers', pushFollowers, 'letters'),
  job('notifications.pushOne', pushOne, 'letters'),
]
