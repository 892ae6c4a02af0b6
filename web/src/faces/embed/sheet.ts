import { type Locale, textIn } from '@efir/contract/scalars.ts'
import type { Formats } from '@efir/words/formats.ts'
import { serverNow } from '../../net/clock.ts'
import { autofill, type FieldName, problemsOf } from '../../parts/orders/address.ts'
import { type CardDraft, cardProblems, emptyCard, groupExpiry, groupNumber, tokenOf } from '../../parts/orders/card.ts'
import { h } from './dom.ts'
import type { EmbedKey } from './keys.ts'
import type { Checkout, Purchase } from './purchase.ts'
import type { Say } from './texts.ts'

export interface SheetOptions {
  readonly purchase: Purchase
  readonly say: Say
  readonly formats: Formats
  readonly locale: Locale
  /** Where the same show stands with every way to pay. */
  readonly showUrl: string
  readonly problemText: (problem: string) => string
  readonly onClose: () => void
}

const emailLike = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/
/** Ways to pay that need no page of a provider. */
const paysHere = (purchase: Purchase) => purchase.atTheDoor || purchase.provider === 'test'

/** The dialog of one purchase. It is drawn anew at each step; what was typed lies in the purchase. */
export class Sheet {
  readonly dialog: HTMLDialogElement
  private readonly options: SheetOptions
  private card: CardDraft = emptyCard
  private wrong: Readonly<Record<string, string>> = {}

  constructor(options: SheetOptions) {
    this.options = options
    this.dialog = h('dialog', { class: 'sheet', part: 'sheet', 'aria-labelledby': 'sheet-title', close: options.onClose })
    this.draw()
  }

  draw(): void {
    const { say, purchase, locale } = this.options
    const focused = (this.dialog.getRootNode() as ShadowRoot).activeElement?.getAttribute('name')
    this.dialog.replaceChildren(
      h(
        'header',
        { class: 'sheet-head' },
        h('h2', { id: 'sheet-title' }, h('bdi', {}, textIn(purchase.bought.lot.title, locale))),
        h('button', { type: 'button', class: 'close', 'aria-label': say('common.close'), click: () => this.dialog.close() }, '×'),
      ),
      this.body(),
    )
    if (focused) this.dialog.querySelector<HTMLElement>(`[name="${focused}"]`)?.focus()
  }

  private body(): HTMLElement {
    const { say, purchase, formats } = this.options
    const { step } = purchase
    const total = 'checkout' in step ? formats.money(step.checkout.total) : ''
    switch (step.at) {
      case 'loading':
      case 'paying':
        return h('p', { class: 'wait', role: 'status' }, say('common.loading'))
      case 'unsure':
      case 'waiting':
        return this.message('checkout.waiting_title', say('checkout.waiting_text'))
      case 'action':
        return this.bank(step.checkout)
      case 'done': {
        const door = step.checkout.state === 'at_the_door' ? say('checkout.done_door', { total }) : say('watch.paid')
        const number = step.checkout.orders.map((order) => order.number).join(', ')
        const mail = say('checkout.done_mail', { email: purchase.email })
        return this.message('checkout.done_title', door, `${say('checkout.order_number')} ${number}`, mail)
      }
      case 'over':
        return this.message('checkout.over_title', say('checkout.over_text'))
      case 'declined':
        return this.declined(step.checkout)
      default:
        return this.form(step.problem)
    }
  }

  private message(title: EmbedKey, ...lines: string[]): HTMLElement {
    const { say } = this.options
    return h(
      'div',
      { class: 'message', role: 'status' },
      h('h3', {}, say(title)),
      ...lines.map((line) => h('p', {}, line)),
      h('button', { type: 'button', class: 'press quiet', click: () => this.dialog.close() }, say('common.close')),
    )
  }

  private bank(of: Checkout): HTMLElement {
    const { say, purchase, formats } = this.options
    const { action, card } = of.payment ?? {}
    const answer = (approve: boolean | null) => () => void purchase.confirm(of, approve)
    // A bank's page wants a window of its own: it refuses to stand in a frame, and this page is not ours.
    const open = () => {
      window.open(action?.url, '_blank', 'noopener')
      void purchase.confirm(of, null)
    }
    return h(
      'div',
      { class: 'message' },
      h('h3', {}, say('checkout.bank_title')),
      h('p', {}, say('checkout.bank_text', { total: formats.money(of.total), card: card?.last4 ?? '' })),
      ...(action?.kind === 'redirect'
        ? [h('button', { type: 'button', class: 'press', click: open }, say('checkout.bank_open'))]
        : [
            h('button', { type: 'button', class: 'press', click: answer(true) }, say('checkout.bank_approve')),
            h('button', { type: 'button', class: 'press quiet', click: answer(false) }, say('checkout.bank_refuse')),
            h('p', { class: 'note' }, say('checkout.bank_test')),
          ]),
    )
  }

  private declined(of: Checkout): HTMLElement {
    const { say, purchase } = this.options
    const submit = (event: Event) => {
      event.preventDefault()
      const token = this.cardToken()
      if (token !== null) void purchase.tryCard(of, token)
    }
    return h(
      'form',
      { class: 'form', novalidate: true, submit },
      h('p', { class: 'wrong', role: 'alert' }, `${say('checkout.declined')}. ${say('checkout.declined_text')}`),
      ...this.cardFields(),
      this.payButton(),
    )
  }

  private form(problem: string | null): HTMLElement {
    const { say, purchase, problemText, showUrl } = this.options
    const { quote } = purchase
    const note = problem ? h('p', { class: 'wrong', role: 'alert' }, problemText(problem)) : null
    if (!quote)
      return h(
        'div',
        { class: 'message' },
        note,
        h('button', { type: 'button', class: 'press', click: () => void purchase.open() }, say('common.try_again')),
      )
    return h(
      'form',
      { class: 'form', novalidate: true, submit: (event) => this.submit(event) },
      note,
      this.input('email', say('checkout.email'), purchase.email, { type: 'email', autocomplete: 'email' }, (value) => {
        purchase.email = value
      }),
      this.countries(),
      ...purchase.asked.map((field) =>
        this.input(
          field.name,
          this.labelOf(field),
          purchase.draft[field.name] ?? '',
          { autocomplete: autofill[field.name], type: field.name === 'phone' ? 'tel' : 'text', optional: !field.required },
          (value) => {
            purchase.draft = { ...purchase.draft, [field.name]: value }
          },
        ),
      ),
      this.deliveries(),
      this.methods(),
      ...(purchase.provider === 'test' && !purchase.atTheDoor ? this.cardFields() : []),
      this.totals(),
      paysHere(purchase)
        ? this.payButton()
        : h(
            'a',
            { class: 'press', href: showUrl, target: '_blank', rel: 'noopener' },
            say('watch.buy_at', { site: new URL(showUrl).host }),
          ),
    )
  }

  private submit(event: Event): void {
    event.preventDefault()
    const { purchase, say, locale } = this.options
    const problems = Object.keys(problemsOf(purchase.asked, purchase.draft))
    const missing = (name: FieldName) => (purchase.draft[name]?.trim() ? say('checkout.wrong_field') : say('common.required'))
    this.wrong = {
      ...(emailLike.test(purchase.email.trim())
        ? {}
        : { email: say(purchase.email.trim() ? 'checkout.wrong_email' : 'common.required') }),
      ...Object.fromEntries(problems.map((name) => [name, missing(name as FieldName)])),
    }
    const needsCard = !purchase.atTheDoor
    const token = needsCard ? this.cardToken() : undefined
    if (Object.keys(this.wrong).length > 0 || token === null) {
      this.draw()
      this.dialog.querySelector<HTMLElement>('[aria-invalid]')?.focus()
      return
    }
    void purchase.place(token, locale)
  }

  private cardToken(): string | null {
    const { say } = this.options
    const problems = Object.entries(cardProblems(this.card, serverNow()))
    const text = Object.fromEntries(
      problems.map(([name, problem]) => [`cc-${name}`, say(`checkout.card_wrong_${problem}` as EmbedKey)]),
    )
    this.wrong = { ...this.wrong, ...text }
    if (problems.length > 0) this.draw()
    return problems.length > 0 ? null : tokenOf(this.card)
  }

  private cardFields(): HTMLElement[] {
    const { say } = this.options
    const field = (name: keyof CardDraft, label: EmbedKey, autocomplete: string, tidy: (text: string) => string) =>
      this.input(
        `cc-${name}`,
        say(label),
        this.card[name],
        { autocomplete, inputmode: 'numeric', dir: 'ltr' },
        (value, input) => {
          input.value = tidy(value)
          this.card = { ...this.card, [name]: input.value }
        },
      )
    return [
      field('number', 'checkout.card_number', 'cc-number', groupNumber),
      field('expiry', 'checkout.card_expiry', 'cc-exp', groupExpiry),
      field('code', 'checkout.card_code', 'cc-csc', (text) => text.replace(/\D/g, '').slice(0, 4)),
    ]
  }

  private labelOf(field: { readonly name: FieldName; readonly label?: string }): string {
    const { say } = this.options
    const own = `checkout.field_${field.label ?? field.name}`
    return say(say.has(own) ? own : (`checkout.field_${field.name}` as EmbedKey))
  }

  private input(
    name: string,
    label: string,
    value: string,
    given: {
      readonly type?: string
      readonly autocomplete?: string
      readonly inputmode?: string
      readonly dir?: string
      readonly optional?: boolean
    },
    onInput: (value: string, input: HTMLInputElement) => void,
  ): HTMLElement {
    const wrong = this.wrong[name]
    const input = h('input', {
      name,
      id: `f-${name}`,
      type: given.type ?? 'text',
      autocomplete: given.autocomplete,
      inputmode: given.inputmode,
      dir: given.dir ?? 'auto',
      required: !given.optional,
      maxlength: 200,
      'aria-invalid': wrong ? 'true' : null,
      'aria-describedby': wrong ? `e-${name}` : null,
      input: (event) => onInput((event.target as HTMLInputElement).value, event.target as HTMLInputElement),
    })
    input.value = value
    return h(
      'label',
      { class: 'field', for: `f-${name}` },
      h('span', {}, label),
      input,
      wrong ? h('span', { class: 'wrong', id: `e-${name}` }, wrong) : null,
    )
  }

  private countries(): HTMLElement {
    const { say, purchase, formats } = this.options
    const named = purchase.countries
      .map((code) => [code, formats.country(code)] as const)
      .toSorted(([, a], [, b]) => a.localeCompare(b))
    return h(
      'label',
      { class: 'field' },
      h('span', {}, say('checkout.country')),
      h(
        'select',
        {
          name: 'country',
          autocomplete: 'country',
          change: (event) => void purchase.choose({ country: (event.target as HTMLSelectElement).value }),
        },
        ...named.map(([code, name]) => h('option', { value: code, selected: code === purchase.country }, name)),
      ),
    )
  }

  private choices(
    name: string,
    legend: string,
    list: readonly { id: string; text: string; note: string }[],
    chosen: string | null,
    onChoose: (id: string) => void,
  ): HTMLElement {
    return h(
      'fieldset',
      {},
      h('legend', {}, legend),
      ...list.map((one) =>
        h(
          'label',
          { class: 'choice' },
          h('input', { type: 'radio', name, value: one.id, checked: one.id === chosen, change: () => onChoose(one.id) }),
          h('span', {}, one.text),
          h('span', { class: 'note' }, one.note),
        ),
      ),
    )
  }

  private deliveries(): HTMLElement | null {
    const { say, purchase, formats, locale } = this.options
    const list = (purchase.quote?.shops[0]?.deliveries ?? []).map((one) => ({
      id: one.methodId,
      text: textIn(one.name, locale),
      note: one.price.amount === 0 ? say('common.free') : formats.price(one.price),
    }))
    return this.choices(
      'delivery',
      say('checkout.delivery'),
      list,
      purchase.methodId,
      (methodId) => void purchase.choose({ methodId }),
    )
  }

  private methods(): HTMLElement {
    const { say, purchase } = this.options
    const list = (purchase.quote?.methods ?? []).map((one) => {
      const key = `checkout.method_${one.method}`
      return { id: one.method, text: say.has(key) ? say(key) : one.method, note: '' }
    })
    if (list.length === 0) return h('p', { class: 'wrong' }, say('checkout.no_methods'))
    return this.choices('method', say('checkout.payment'), list, purchase.method, (method) => void purchase.choose({ method }))
  }

  private totals(): HTMLElement {
    const { say, purchase, formats } = this.options
    const { quote } = purchase
    const tax = say(quote?.taxIncluded ? 'checkout.taxIncluded' : 'checkout.taxAdded')
    const shop = quote?.shops.map((one) => one.name).join(', ') ?? ''
    return h(
      'div',
      { class: 'totals' },
      h('p', {}, h('span', {}, `${say('common.total')}, ${tax}`), h('strong', {}, quote ? formats.money(quote.total) : '')),
      h('p', { class: 'note' }, say('checkout.sold_by', { shop })),
    )
  }

  private payButton(): HTMLElement {
    const { say, purchase, formats } = this.options
    const { quote, atTheDoor } = purchase
    const key = atTheDoor ? 'checkout.placeOrder' : (quote?.texts.payButton ?? 'checkout.pay')
    const total = quote ? formats.price(quote.total) : ''
    return h('button', { class: 'press', part: 'button', type: 'submit' }, say(say.has(key) ? key : 'checkout.pay', { total }))
  }
}
