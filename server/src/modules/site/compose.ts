import type { Locale } from '@efir/contract/scalars.ts'
import { format } from '@efir/words/words.ts'
import { type Ctx, type Kernel, openCtx } from '../../kernel/context.ts'
import { originOf } from '../../kernel/origin.ts'
import type { Compose } from '../../kernel/pages.ts'
import { Refusal } from '../../kernel/refusal.ts'
import type { PageFacts } from './facts.ts'
import { framed } from './frame.ts'
import { headOf } from './head.ts'
import { html } from './html.ts'
import { homeFacts, productsFacts } from './pages/front.ts'
import { hostFacts, shopFaceFacts } from './pages/people.ts'
import { productFacts } from './pages/product.ts'
import { showFacts } from './pages/show.ts'

type Make = (ctx: Ctx, origin: string, part: string) => Promise<PageFacts>

/** Pages that anybody may read. Their facts are those that a stranger gets: nothing in them is anybody's own. */
const open: readonly (readonly [RegExp, Make])[] = [
  [/^\/$/, homeFacts],
  [/^\/products$/, productsFacts],
  [/^\/show\/(shw_[0-9a-z]{26})$/, showFacts],
  [/^\/product\/(prd_[0-9a-z]{26})$/, productFacts],
  [/^\/shop\/([a-z0-9-]{2,60})$/, shopFaceFacts],
  [/^\/host\/(per_[0-9a-z]{26})$/, hostFacts],
]
/** Pages of one reader, which scripts build: the same empty page for all, kept out of search engines. */
export const ownPages: readonly RegExp[] = [
  /^\/developers$/,
  /^\/(bag|orders|account|sign-in|notifications|offline-shell)$/,
  /^\/(order|invitation)\/[^/]+$/,
]

export function composer(kernel: Kernel): Compose {
  const origin = originOf(kernel.config)
  return async ({ path, locale, lang }) => {
    if (path !== '/' && path.endsWith('/'))
      return { redirect: path.replace(/^\/+|\/+$/g, '').replace(/^/, '/') + (lang ? `?lang=${lang}` : '') }
    const facts = await factsOf(openCtx(kernel, { actor: { kind: 'nobody' }, locale }), origin, path)
    const { status, keepSeconds, words, page } = facts
    return {
      status,
      locale,
      keepSeconds,
      words,
      ...(page ? { page } : {}),
      head: headOf(facts, { origin, locale, lang }).text,
      body: facts.body.text === '' ? '' : framed(locale, facts),
    }
  }
}

async function factsOf(ctx: Ctx, origin: string, path: string): Promise<PageFacts> {
  for (const [pattern, make] of open) {
    const match = pattern.exec(path)
    if (!match) continue
    try {
      return await make(ctx, origin, match[1] ?? '')
    } catch (problem) {
      // Not there and not for strangers look alike; who may see it gets it from the app.
      if (problem instanceof Refusal) return empty(ctx.locale, path, 404)
      throw problem
    }
  }
  return empty(ctx.locale, path, ownPages.some((pattern) => pattern.test(path)) ? 200 : 404)
}

const empty = (locale: Locale, path: string, status: 200 | 404): PageFacts => ({
  status,
  title: status === 404 ? format(locale, 'common.not_found_title') : '',
  description: '',
  path,
  kind: 'website',
  graph: [],
  body: html``,
  index: false,
  seeds: [],
  words: ['common', 'store', 'refusals'],
  keepSeconds: 0,
})
