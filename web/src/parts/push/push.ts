import { forgetPush, pushKey, setPush } from '@efir/contract/notifications.ts'
import type { Locale } from '@efir/contract/scalars.ts'
import { call, type Problem } from '../../net/api.ts'

export interface Wants {
  readonly shows: boolean
  readonly orders: boolean
}
export type PushResult = 'done' | 'blocked' | 'failed' | Problem

export const pushSupported = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in globalThis && 'Notification' in globalThis

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
const textOf = (bytes: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

async function subscription(): Promise<PushSubscription | null> {
  if (!pushSupported()) return null
  const worker = await navigator.serviceWorker.getRegistration()
  return (await worker?.pushManager.getSubscription()) ?? null
}

/** The name under which the server knows this browser: no part of its secret. */
export async function markHere(): Promise<string | null> {
  const here = await subscription()
  if (!here) return null
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(here.endpoint))
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Asks the person, the browser and the server, in this order. Must follow a press: browsers ask nobody out of the blue. */
export async function tellHere(wants: Wants, locale: Locale): Promise<PushResult> {
  if ((await Notification.requestPermission()) !== 'granted') return 'blocked'
  const key = await call(pushKey, {})
  if (!key.ok) return key as Problem
  const here = await subscribed(key.value.publicKey).catch((problem: Error) => {
    console.info(`no push: ${problem.message}`)
    return null
  })
  if (!here) return 'failed'
  const answer = await call(setPush, {
    endpoint: here.endpoint,
    p256dh: textOf(here.getKey('p256dh')),
    auth: textOf(here.getKey('auth')),
    locale,
    ...wants,
  })
  return answer.ok ? 'done' : (answer as Problem)
}

async function subscribed(publicKey: string): Promise<PushSubscription> {
  const { pushManager } = await navigator.serviceWorker.ready
  const before = await pushManager.getSubscription()
  const known = before?.options.applicationServerKey
  if (before && known && textOf(known) === publicKey.replace(/=+$/, '')) return before
  // Made for another key: it could not be told anything.
  await before?.unsubscribe()
  return await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) })
}

/** Also at signing out: what is whose must not show on a device that others use. */
export async function forgetHere(): Promise<void> {
  const mark = await markHere()
  if (!mark) return
  await call(forgetPush, { mark })
  await (await subscription())?.unsubscribe()
}
