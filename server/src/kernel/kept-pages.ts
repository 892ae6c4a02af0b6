import { createHash } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { PageContent } from './pages.ts'

export interface Kept {
  readonly content: PageContent
  readonly etag: string
  packed(accepted: string | undefined): { readonly encoding: 'br' | 'gzip' | null; readonly bytes: Buffer }
}
type Made = { readonly content: PageContent; readonly html: string }
type Redirect = { readonly redirect: string }

const mostPages = 2_000
/** However long others may keep a page, here it is asked for anew after this: a storm costs one rendering a moment. */
const freshMs = 3_000

/** Pages as they were last made. Who asks for one that is being made waits for it with the others. */
export function openShelf() {
  const pages = new Map<string, { readonly untilMs: number; readonly page: Promise<Kept | Redirect> }>()
  return {
    get(key: string, make: () => Promise<Made | Redirect>): Promise<Kept | Redirect> {
      const known = pages.get(key)
      if (known && known.untilMs > performance.now()) return known.page
      const page = make().then((made) => ('redirect' in made ? made : keptOf(made)))
      pages.delete(key)
      pages.set(key, { untilMs: performance.now() + freshMs, page })
      if (pages.size > mostPages) pages.delete(pages.keys().next().value as string)
      // What failed is not kept: the one who asked hears of it, the next one tries again.
      page.catch(() => pages.delete(key))
      return page
    },
  }
}

function keptOf({ content, html }: Made): Kept {
  const plain = Buffer.from(html)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  const packed = new Map<string, Buffer>()
  const once = (name: 'br' | 'gzip', pack: () => Buffer) => {
    const bytes = packed.get(name) ?? pack()
    packed.set(name, bytes)
    return { encoding: name, bytes } as const
  }
  return {
    content,
    etag,
    packed(accepted = '') {
      if (/\bbr\b/.test(accepted))
        return once('br', () => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }))
      if (/\bgzip\b/.test(accepted)) return once('gzip', () => gzipSync(plain, { level: 6 }))
      return { encoding: null, bytes: plain }
    },
  }
}
