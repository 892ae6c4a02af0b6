import { pictureUrl } from '@efir/contract/pictures.ts'
import { type Locale, textIn } from '@efir/contract/scalars.ts'
import type { Formats } from '@efir/words/formats.ts'
import { serverNow } from '../../net/clock.ts'
import type { Lot } from '../../parts/lots/lot.ts'
import type { Moment } from '../../parts/lots/moment.ts'
import { h } from './dom.ts'
import type { EmbedKey } from './keys.ts'
import type { Say } from './texts.ts'

export interface CardOptions {
  readonly base: string
  readonly locale: Locale
  readonly say: Say
  readonly formats: Formats
  readonly problem: string | null
  readonly onPress: () => void
}

/** What the card looks like, in one text: it is drawn anew only when this changes. */
export const looksOf = (lot: Lot | null, moment: Moment | null, problem: string | null): string =>
  lot && moment
    ? JSON.stringify([lot.id, lot.title, lot.price, lot.reference, lot.left, lot.paying, lot.quota, moment, problem])
    : ''

/** Seconds until the moment changes by itself; null when nothing is counted. */
export function secondsLeft(moment: Moment): number | null {
  const until =
    moment.at === 'soon'
      ? moment.opensAt
      : moment.at === 'buy'
        ? moment.closesAt
        : moment.at === 'yours' || moment.at === 'declined'
          ? moment.untilAt
          : null
  return until === null ? null : Math.max(0, Math.ceil((until - serverNow()) / 1000))
}

export const clockText = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`

export function drawCard(lot: Lot, moment: Moment, options: CardOptions): HTMLElement {
  const { say, formats, locale, base } = options
  const title = textIn(lot.title, locale)
  const left = secondsLeft(moment)
  const press = pressOf(moment)
  return h(
    'article',
    {
      class: 'card',
      part: 'card',
      'aria-label': say('watch.lot_named', { number: lot.number, title }),
      'data-moment': moment.at,
    },
    h(
      'div',
      { class: 'row' },
      lot.picture
        ? h('img', {
            class: 'shot',
            part: 'picture',
            alt: '',
            width: 72,
            height: 72,
            src: new URL(pictureUrl(lot.picture, 160), base).href,
          })
        : h('span', { class: 'shot' }),
      h(
        'div',
        { class: 'facts' },
        h('p', { class: 'number' }, say('watch.lot', { number: lot.number })),
        h('h2', { class: 'title', part: 'title' }, h('bdi', {}, title)),
        h(
          'p',
          { class: 'price', part: 'price' },
          h('bdi', {}, formats.price(lot.price)),
          lot.reference ? h('s', { class: 'before' }, formats.price(lot.reference.price)) : null,
        ),
        h(
          'p',
          { class: options.problem ? 'line wrong' : 'line', role: options.problem ? 'alert' : null },
          options.problem ?? lineOf(lot, moment, say, formats),
        ),
      ),
      left === null
        ? null
        : h('span', { class: 'clock', part: 'clock', role: 'timer', 'aria-label': say('common.time_left') }, clockText(left)),
    ),
    moment.at === 'elsewhere'
      ? h(
          'a',
          { class: 'press', part: 'button', href: moment.url, target: '_blank', rel: 'noopener noreferrer' },
          say('watch.buy_at', { site: moment.seller }),
        )
      : h(
          'button',
          { class: 'press', part: 'button', type: 'button', disabled: press.off ?? false, click: options.onPress },
          say(press.key, pressValues(moment)),
        ),
  )
}

function pressOf(moment: Moment): { readonly key: EmbedKey; readonly off?: true } {
  switch (moment.at) {
    case 'buy':
      return { key: 'watch.buy' }
    case 'asking':
      return { key: 'watch.reserving', off: true }
    case 'yours':
    case 'declined':
      return { key: 'watch.yours' }
    case 'checking':
      return { key: 'watch.checking_short' }
    case 'bought':
      return { key: moment.paid ? 'watch.paid' : 'watch.ordered', off: true }
    case 'sold_out':
      return { key: 'watch.sold_out', off: true }
    case 'ended':
      return { key: 'watch.ended', off: true }
    case 'soon':
      return { key: 'watch.soon', off: true }
    case 'offline':
      return { key: 'common.try_again' }
    default:
      return { key: 'common.loading', off: true }
  }
}

const pressValues = (moment: Moment) => ({ time: clockText(secondsLeft(moment) ?? 0) })

function lineOf(lot: Lot, moment: Moment, say: Say, formats: Formats): string {
  if (moment.at === 'yours') return say('watch.reserved_for_you', { n: moment.quantity })
  if (moment.at === 'declined') return say('checkout.declined')
  if (moment.at === 'bought') return say('checkout.done_title')
  if (moment.at !== 'buy' && moment.at !== 'asking' && moment.at !== 'soon') return lot.shopName
  const left = formats.number(lot.left)
  return lot.paying > 0 && lot.left * 4 <= lot.quota
    ? say('common.stock_paying', { left, paying: formats.number(lot.paying) })
    : say('common.stock_left', { left, total: formats.number(lot.quota) })
}
