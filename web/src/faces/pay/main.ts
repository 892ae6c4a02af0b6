import { type FromForm, isPayMessage, type PayTerms, type ToForm } from '../../parts/orders/pay-messages.ts'
import { startTheme } from '../../ui/theme.ts'

/** What is used of the provider's script. */
interface Elements {
  create(kind: 'payment', options: object): PaymentElement
  submit(): Promise<{ error?: unknown }>
  update(terms: object): void
}
interface PaymentElement {
  mount(at: HTMLElement): void
  on(event: 'ready' | 'loaderror', call: () => void): void
}
interface StripeJs {
  elements(options: object): Elements
  createConfirmationToken(options: { elements: Elements }): Promise<{ confirmationToken?: { id: string }; error?: unknown }>
  handleNextAction(options: { clientSecret: string }): Promise<{ error?: unknown }>
}
declare global {
  interface Window {
    Stripe?: (key: string, options: object) => StripeJs
  }
}

const source = 'https://js.stripe.com/v3/'
const tell = (message: FromForm) => parent.postMessage(message, location.origin)
const at = document.getElementById('element') as HTMLElement
const key = document.querySelector<HTMLMetaElement>('meta[name=pay-key]')?.content ?? ''

let stripe: StripeJs | null = null
let elements: Elements | null = null

/** Only this page may load it: the one that opens its policy for the provider. */
function load(): Promise<boolean> {
  return new Promise((resolve) => {
    const script = document.createElement('script')
    script.src = source
    script.onload = () => resolve(window.Stripe !== undefined)
    script.onerror = () => resolve(false)
    document.head.append(script)
  })
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** The form looks like the sheet around it. */
function appearance() {
  const paper = getComputedStyle(document.body).color
  return {
    theme: 'flat',
    variables: {
      colorText: colour('--ink') || paper,
      colorBackground: colour('--sunken'),
      colorPrimary: colour('--action'),
      colorDanger: colour('--danger'),
      borderRadius: colour('--r-1'),
      fontSizeBase: '16px',
    },
  }
}

function show(terms: PayTerms, locale: string): void {
  document.documentElement.lang = locale
  if (!stripe) return
  const { amount, currency, captureMethod } = terms
  if (elements) return elements.update({ amount, currency })
  elements = stripe.elements({ mode: 'payment', amount, currency, captureMethod, locale, appearance: appearance() })
  const element = elements.create('payment', { layout: 'tabs' })
  element.on('loaderror', () => tell({ efir: 'pay', said: 'ready', ok: false }))
  element.mount(at)
}

async function tokenOf(): Promise<string | null> {
  if (!stripe || !elements) return null
  const checked = await elements.submit()
  if (checked.error) return null
  const made = await stripe.createConfirmationToken({ elements })
  return made.confirmationToken?.id ?? null
}

async function hear(message: ToForm): Promise<void> {
  switch (message.do) {
    case 'show':
      return show(message.terms, message.locale)
    case 'submit':
      return tell({ efir: 'pay', said: 'token', ask: message.ask, token: await tokenOf() })
    case 'answer': {
      const done = await stripe?.handleNextAction({ clientSecret: message.secret })
      return tell({ efir: 'pay', said: 'answered', ask: message.ask, ok: done !== undefined && !done.error })
    }
  }
}

startTheme()
new ResizeObserver(() => tell({ efir: 'pay', said: 'height', px: Math.ceil(at.getBoundingClientRect().height) })).observe(at)
const loaded = await load()
stripe = loaded ? (window.Stripe?.(key, {}) ?? null) : null
addEventListener('message', (event: MessageEvent<unknown>) => {
  if (event.origin === location.origin && event.source === parent && isPayMessage(event.data))
    void hear(event.data as unknown as ToForm)
})
tell({ efir: 'pay', said: 'ready', ok: stripe !== null })
