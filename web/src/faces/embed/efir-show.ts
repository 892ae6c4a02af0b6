import { directionOf, isLocale, type Locale } from '@efir/contract/scalars.ts'
import { formatsFor } from '@efir/words/formats.ts'
import { clockText, drawCard, looksOf, secondsLeft } from './card.ts'
import { h } from './dom.ts'
import css from './embed.css?inline'
import { type Guest, openGuest } from './guest.ts'
import { Purchase, type Step } from './purchase.ts'
import { Sheet } from './sheet.ts'
import { type Bought, Show } from './show.ts'
import { type Say, textsIn } from './texts.ts'

const sheetOfStyles = new CSSStyleSheet()
sheetOfStyles.replaceSync(css)
/** The platform that this file came from. */
const base = new URL(import.meta.url).origin

/**
 * `<efir-show show="shw_…" locale="en" theme="auto">`: a show, the lot on the table and its purchase, on anybody's page.
 * No cookies and nothing stored: who buys is a guest kept in memory. Says `efir:ready`, `efir:lot-opened`, `efir:reserved`, `efir:ordered`.
 */
export class EfirShow extends HTMLElement {
  static readonly observedAttributes = ['show', 'locale', 'theme']
  private readonly root = this.attachShadow({ mode: 'open' })
  private readonly video = h('video', { part: 'video', muted: true, playsinline: true })
  private readonly badge = h('span', { class: 'badge', part: 'badge' })
  private readonly sound = h('button', { class: 'sound', type: 'button', click: () => this.turnSound() })
  private readonly notice = h('p', { class: 'notice', role: 'status' })
  private readonly dock = h('section', { class: 'dock', part: 'dock' })
  private readonly frame = h(
    'div',
    { class: 'frame', part: 'frame' },
    h('div', { class: 'stage', part: 'stage' }, this.video, this.badge, this.sound, this.notice),
    this.dock,
  )
  private guest: Guest | null = null
  private show: Show | null = null
  private purchase: Purchase | null = null
  private sheet: Sheet | null = null
  private drawn = ''
  private problem: string | null = null

  connectedCallback(): void {
    this.root.adoptedStyleSheets = [sheetOfStyles]
    if (!this.frame.isConnected) this.root.append(this.frame)
    this.dress()
    this.begin()
  }

  disconnectedCallback(): void {
    this.end()
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected || before === now) return
    this.dress()
    this.drawn = ''
    if (name === 'show') this.begin()
    else this.draw()
  }

  private get locale(): Locale {
    const wished = [this.getAttribute('locale'), this.closest('[lang]')?.getAttribute('lang'), ...navigator.languages]
    return wished.map((one) => one?.slice(0, 2) ?? '').find(isLocale) ?? 'en'
  }
  private get say(): Say {
    return textsIn(this.locale)
  }

  private dress(): void {
    const { frame, locale, say } = this
    frame.lang = locale
    frame.dir = directionOf(locale)
    frame.dataset.theme = /^(light|dark)$/.exec(this.getAttribute('theme') ?? '')?.[0] ?? 'auto'
    this.dock.setAttribute('aria-label', say('watch.lot_area'))
  }

  private begin(): void {
    this.end()
    const showId = this.getAttribute('show') ?? ''
    if (showId === '') return
    this.guest ??= openGuest(base, () => this.locale)
    const onEvent = (name: string, detail: object) => this.tell(name, detail)
    this.show = new Show({
      base,
      showId,
      guest: this.guest,
      video: this.video,
      locale: () => this.locale,
      onChange: () => this.draw(),
      onEvent,
    })
    this.draw()
    void this.show.open()
  }

  private end(): void {
    this.purchase?.close()
    this.sheet?.dialog.remove()
    this.show?.close()
    this.purchase = this.sheet = this.show = null
    this.drawn = ''
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  private draw(): void {
    const { show, say, locale } = this
    if (!show) return
    this.drawStage(show, say)
    const { lot } = show
    const moment = lot ? show.momentOf(lot) : null
    const looks = `${locale} ${looksOf(lot, moment, this.problem)}`
    if (looks !== this.drawn) {
      this.drawn = looks
      const hadFocus = this.dock.contains(this.root.activeElement)
      const options = { base, locale, say, formats: formatsFor(locale), problem: this.problem, onPress: () => void this.press() }
      this.dock.replaceChildren(
        lot && moment ? drawCard(lot, moment, options) : h('p', { class: 'note' }, show.page ? say('watch.nothing_pinned') : ''),
      )
      if (hadFocus) this.dock.querySelector<HTMLElement>('.press')?.focus()
    } else if (moment) {
      const clock = this.dock.querySelector('.clock')
      const left = secondsLeft(moment)
      if (clock && left !== null) clock.textContent = clockText(left)
      const press = this.dock.querySelector('button.press')
      if (press && moment.at === 'yours') press.textContent = say('watch.yours', { time: clockText(left ?? 0) })
    }
  }

  private drawStage(show: Show, say: Say): void {
    const { state, player } = show
    const live = state === 'live'
    this.badge.textContent = live ? say('common.live') : state === 'replay' ? say('watch.replay') : ''
    this.badge.dataset.live = String(live)
    this.badge.hidden = this.badge.textContent === ''
    this.video.setAttribute('aria-label', say('watch.picture_of', { title: show.title }))
    const muted = player?.snapshot.muted ?? true
    this.sound.textContent = muted ? '🔇' : '🔊'
    this.sound.setAttribute('aria-label', say(muted ? 'common.player_unmute' : 'common.player_mute'))
    this.sound.hidden = player === null
    this.notice.textContent = show.problem
      ? this.problemText(show.problem)
      : state === 'paused'
        ? say('watch.paused_title')
        : state === 'ended' || state === 'cut'
          ? say('watch.ended_title')
          : show.page
            ? ''
            : say('common.loading')
    this.notice.hidden = this.notice.textContent === ''
  }

  private turnSound(): void {
    const player = this.show?.player
    if (player?.snapshot.muted) player.unmute()
    else player?.mute()
  }

  private problemText(problem: string): string {
    const key = `refusals.${problem}`
    const { say } = this
    // An answer that the browser kept from us looks like no answer.
    return say.has(key)
      ? say(key)
      : say(
          problem === 'network'
            ? 'common.problem_network'
            : problem === 'defect'
              ? 'common.problem_defect'
              : 'common.problem_title',
        )
  }

  private async press(): Promise<void> {
    const { show } = this
    const lot = show?.lot
    if (!show || !lot) return
    this.problem = null
    if (this.sheet && this.purchase?.bought.lot.id === lot.id && show.momentOf(lot).at !== 'buy')
      return this.sheet.dialog.showModal()
    const bought = await show.reserve(lot)
    if (typeof bought === 'string') {
      this.problem = this.problemText(bought)
      return this.draw()
    }
    this.openSheet(show, bought)
  }

  private openSheet(show: Show, bought: Bought): void {
    const guest = this.guest as Guest
    this.purchase?.close()
    this.sheet?.dialog.remove()
    const purchase = new Purchase(guest, bought, (step) => this.follow(show, bought, step))
    this.purchase = purchase
    const { locale, say } = this
    this.sheet = new Sheet({
      purchase,
      say,
      formats: formatsFor(locale),
      locale,
      showUrl: `${base}/show/${show.page?.show.id ?? ''}`,
      problemText: (problem) => this.problemText(problem),
      onClose: () => this.draw(),
    })
    this.frame.append(this.sheet.dialog)
    this.sheet.dialog.showModal()
    void purchase.open()
  }

  private follow(show: Show, bought: Bought, step: Step): void {
    this.sheet?.draw()
    const lotId = bought.lot.id
    if (step.at === 'unsure' || step.at === 'waiting' || step.at === 'action') show.set(lotId, { at: 'checking' })
    if (step.at === 'over') show.set(lotId, { at: 'nothing' })
    if (step.at === 'form' && step.problem === 'reservation_gone') show.set(lotId, { at: 'nothing' })
    if (step.at === 'declined') {
      const { payUntilAt } = step.checkout
      show.set(lotId, { at: 'declined', untilAt: payUntilAt, heldMs: 1, card: null })
    }
    const order = step.at === 'done' ? step.checkout.orders[0] : undefined
    if (step.at !== 'done' || !order || show.mineOf(lotId).at === 'bought') return
    const paid = step.checkout.state === 'paid'
    show.set(lotId, { at: 'bought', number: order.number, orderId: order.id, boughtAt: order.placedAt, paid, units: null })
    this.tell('efir:ordered', { lotId, orderId: order.id, number: order.number, total: step.checkout.total, paid })
  }
}
