/// <reference lib="webworker" />

/**
 * The service worker: an offline shell, hashed files kept, notes shown. It never answers for the API, pictures, media or a page that the
 * server can give: pages come from the network, and only when there is none, the empty shell starts the app, which says so.
 * The build puts the two lists in; both change the bytes of this file, so browsers see a new version.
 */
declare const PRECACHE: readonly string[]
declare const VERSION: string
const scope = self as unknown as ServiceWorkerGlobalScope

const prefix = 'efir-'
const cacheName = prefix + VERSION
const shell = '/offline-shell'
/** The files of the version before stay for pages that are still open. */
const keptVersions = 2

scope.addEventListener('install', (event) => {
  event.waitUntil(install())
})
scope.addEventListener('activate', (event) => {
  event.waitUntil(activate())
})

async function install(): Promise<void> {
  const cache = await caches.open(cacheName)
  await cache.addAll([shell, ...PRECACHE].map((path) => new Request(path, { cache: path === shell ? 'reload' : 'default' })))
  // Files are named by their content and pages come from the network: nothing of an open page breaks under a new worker.
  await scope.skipWaiting()
}

async function activate(): Promise<void> {
  const ours = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName)
  // In the order of their making: the last is the version before this one.
  await Promise.all(ours.slice(0, Math.max(0, ours.length - keptVersions + 1)).map((name) => caches.delete(name)))
  await scope.clients.claim()
}

/** What the first page had loaded before there was a worker: its texts and pages are there without a network too. */
scope.addEventListener('message', (event) => {
  const { keep } = (event.data ?? {}) as { keep?: readonly string[] }
  if (!Array.isArray(keep)) return
  const files = keep.filter((path) => typeof path === 'string' && path.startsWith('/assets/')).slice(0, 200)
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)))
})

scope.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = new URL(request.url)
  if (url.origin !== scope.location.origin) return
  if (request.mode === 'navigate') {
    if (isOurs(url.pathname)) event.respondWith(page(request))
  } else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
})

/** Studio and office are worked with, not read: they have no offline face. */
const isOurs = (path: string) => !/^\/(api|media|room|pictures|dev|studio|office|healthz|sitemap)(\/|$)/.test(path)

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (problem) {
    const kept = await caches.match(shell)
    if (kept) return kept
    throw problem
  }
}

async function asset(request: Request): Promise<Response> {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) {
    const cache = await caches.open(cacheName)
    await cache.put(request, answer.clone())
  }
  return answer
}

/** As server/src/modules/notifications/push-jobs.ts writes it. */
interface Note {
  readonly title: string
  readonly body: string
  readonly url: string
  readonly tag: string
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
}

scope.addEventListener('push', (event) => {
  const note = event.data?.json() as Note | undefined
  if (!note) return
  const { title, body, url, tag, lang, dir } = note
  event.waitUntil(
    scope.registration.showNotification(title, {
      body,
      tag,
      lang,
      dir,
      data: { url },
      icon: '/icons/192.png',
      badge: '/icons/badge-96.png',
    }),
  )
})

scope.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { url } = event.notification.data as { url: string }
  event.waitUntil(open(new URL(url, scope.location.origin)))
})

/** In a page that shows it already, else in a new one; never away from this site. */
async function open(url: URL): Promise<void> {
  if (url.origin !== scope.location.origin) return
  const pages = await scope.clients.matchAll({ type: 'window' })
  const there = pages.find((one) => new URL(one.url).pathname === url.pathname)
  if (there) await there.focus()
  else await scope.clients.openWindow(url.href)
}

/** The browser has a new endpoint: the next page of the app tells the server (parts/push). */
scope.addEventListener('pushsubscriptionchange', (event) => {
  event.waitUntil(
    scope.clients.matchAll({ type: 'window' }).then((pages) => {
      for (const one of pages) one.postMessage('push-changed')
    }),
  )
})
