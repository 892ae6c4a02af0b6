import type { BrowserContext } from 'playwright-core'

/** Stands in for the provider's script in the browser: the same calls, its own drawing, and the provider's API for what they bring about. */
function standIn(): void {
  const api = (key: string, path: string, form: Record<string, string>) =>
    fetch(`https://api.stripe.com/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form),
    }).then((answer) => answer.json())
  const field = (name: string, label: string) => {
    const input = Object.assign(document.createElement('input'), { name, autocomplete: 'off' })
    input.setAttribute('aria-label', label)
    return input
  }
  Object.assign(window, {
    Stripe: (key: string) => ({
      elements: (terms: { amount: number; currency: string; mode: string }) => {
        if (terms.mode !== 'payment' || !Number.isInteger(terms.amount)) throw new Error('IntegrationError: amount')
        const number = field('number', 'Card number')
        const alert = Object.assign(document.createElement('p'), { role: 'alert' })
        return {
          number,
          create: () => ({
            on: () => undefined,
            mount: (at: HTMLElement) => at.append(number, field('expiry', 'Expiry'), field('cvc', 'Security code'), alert),
          }),
          update: (next: object) => Object.assign(terms, next),
          submit: async () => {
            const wrong = number.value.replaceAll(' ', '').length < 15
            alert.textContent = wrong ? 'Your card number is incomplete.' : ''
            return wrong ? { error: { type: 'validation_error' } } : {}
          },
        }
      },
      createConfirmationToken: async ({ elements }: { elements: { number: HTMLInputElement } }) => ({
        confirmationToken: await api(key, 'confirmation_tokens', { number: elements.number.value.replaceAll(' ', '') }),
      }),
      handleNextAction: ({ clientSecret }: { clientSecret: string }) =>
        new Promise((resolve) => {
          const dialog = document.body.appendChild(document.createElement('dialog'))
          dialog.setAttribute('aria-label', '3-D Secure')
          for (const [text, approve] of [
            ['Complete authentication', 'true'],
            ['Fail authentication', 'false'],
          ] as const) {
            const button = dialog.appendChild(Object.assign(document.createElement('button'), { textContent: text }))
            button.addEventListener('click', async () => {
              await api(key, `payment_intents/${clientSecret.split('_secret_')[0]}/challenge`, { approve })
              dialog.remove()
              resolve(approve === 'true' ? {} : { error: { type: 'card_error' } })
            })
          }
          dialog.showModal()
        }),
    }),
  })
}

export interface StripeRoutes {
  /** What the browser asked of the provider's hosts, in order. */
  readonly asked: string[]
}

/** The provider's two hosts, as this browser sees them: its script is the stand-in, its API the fake on loopback. */
export async function routeStripe(context: BrowserContext, apiUrl: string): Promise<StripeRoutes> {
  const asked: string[] = []
  await context.route('https://js.stripe.com/**', async (route) => {
    asked.push(route.request().url())
    await route.fulfill({ contentType: 'text/javascript', body: `(${standIn.toString()})()` })
  })
  await context.route('https://api.stripe.com/**', async (route) => {
    const request = route.request()
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }
    if (request.method() === 'OPTIONS') return await route.fulfill({ status: 204, headers })
    const { pathname } = new URL(request.url())
    asked.push(request.url())
    const answer = await fetch(`${apiUrl}${pathname}`, {
      method: request.method(),
      headers: {
        authorization: request.headers()['authorization'] ?? '',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: request.postData(),
    })
    await route.fulfill({ status: answer.status, headers, contentType: 'application/json', body: await answer.text() })
  })
  return { asked }
}
