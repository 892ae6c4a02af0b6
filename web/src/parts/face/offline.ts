/** The picture of a show comes first: what the worker keeps would share its line. */
const afterLoadMs = 3_000

/** The worker that answers when there is no network, and shows notes. Installed behind the first page, never before it. */
export function startOffline(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  const install = () =>
    void navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).then(
      async () => {
        const { active } = await navigator.serviceWorker.ready
        active?.postMessage({ keep: loadedFiles() })
      },
      // A browser that forbids workers (private windows, certificates of its own) has the page without them.
      (problem: Error) => console.info(`no offline page: ${problem.message}`),
    )
  const later = () => setTimeout(install, afterLoadMs)
  if (document.readyState === 'complete') later()
  else addEventListener('load', later, { once: true })
}

const loadedFiles = (): string[] => [
  ...new Set(
    performance
      .getEntriesByType('resource')
      .map((one) => new URL(one.name, location.origin))
      .filter((url) => url.origin === location.origin && url.pathname.startsWith('/assets/'))
      .map((url) => url.pathname),
  ),
]
