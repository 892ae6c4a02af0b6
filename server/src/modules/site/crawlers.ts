import { locales } from '@efir/contract/scalars.ts'
import type { Ctx } from '../../kernel/context.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { inLanguage } from './head.ts'
import { escaped } from './html.ts'

/** Each address stands in a file once, with its seven languages: a file stays well below the 50 MB and 50,000 addresses of sitemaps.org. */
export const chunkSize = 10_000

/** Everything public of one kind, in the order of its ids. */
const kinds = {
  shows: {
    path: (row: Row) => `/show/${row.id}`,
    from: sql`shows.show t where t.visibility = 'public' and t.state not in ('draft', 'cancelled', 'archived')`,
    changed: sql`t.changed_at`,
    name: sql`t.id`,
  },
  products: {
    path: (row: Row) => `/product/${row.id}`,
    from: sql`catalog.product t where t.state = 'published'`,
    changed: sql`t.changed_at`,
    name: sql`t.id`,
  },
  shops: {
    path: (row: Row) => `/shop/${row.name}`,
    from: sql`identity.shop t where t.closed_at is null`,
    changed: sql`t.created_at`,
    name: sql`t.slug`,
  },
  hosts: {
    path: (row: Row) => `/host/${row.id}`,
    from: sql`identity.person t where t.closed_at is null and exists (select from identity.role r join shows.show s on s.id = r.place_id
      where r.person_id = t.id and r.role = 'host' and s.visibility = 'public' and s.state in ('scheduled', 'live', 'paused', 'replay', 'ended'))`,
    changed: sql`t.created_at`,
    name: sql`t.id`,
  },
} satisfies Record<string, { path: (row: Row) => string; from: Sql; changed: Sql; name: Sql }>
export type Kind = keyof typeof kinds
export const isKind = (text: string): text is Kind => Object.hasOwn(kinds, text)

interface Row {
  readonly id: string
  readonly name: string
  readonly changed: number
}
const opening = '<?xml version="1.0" encoding="UTF-8"?>\n'
const schema = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

/** The files, each named by the id that it begins after. */
export async function sitemapIndex(ctx: Ctx, origin: string, size = chunkSize): Promise<string> {
  const files = [`${origin}/sitemap/pages.xml`]
  for (const [kind, { from }] of Object.entries(kinds)) {
    const starts = await ctx.rows<{ id: string }>(
      sql`select id from (select t.id, row_number() over (order by t.id) as n from ${from}) numbered where n % ${size} = 0 order by id limit 5000`,
    )
    files.push(`${origin}/sitemap/${kind}.xml`, ...starts.map(({ id }) => `${origin}/sitemap/${kind}.xml?after=${id}`))
  }
  const entries = files.map((file) => `<sitemap><loc>${escaped(file)}</loc></sitemap>`)
  return `${opening}<sitemapindex ${schema}>${entries.join('\n')}</sitemapindex>\n`
}

export async function sitemapOf(ctx: Ctx, origin: string, kind: Kind, after = '', size = chunkSize): Promise<string> {
  const { from, path, changed, name } = kinds[kind]
  const rows = await ctx.rows<Row>(
    sql`select t.id, ${name} as name, ${changed} as changed from ${from} and t.id > ${after} order by t.id limit ${size}`,
  )
  return urlSet(
    origin,
    rows.map((row) => ({ path: path(row), at: row.changed })),
  )
}
export const fixedSitemap = (origin: string): string => urlSet(origin, [{ path: '/' }, { path: '/products' }])

function urlSet(origin: string, pages: readonly { readonly path: string; readonly at?: number }[]): string {
  const entries = pages.map(({ path, at }) => {
    const here = `${origin}${path}`
    const others = locales.map(
      (one) => `<xhtml:link rel="alternate" hreflang="${one}" href="${escaped(inLanguage(here, one))}"/>`,
    )
    const changed = at === undefined ? '' : `<lastmod>${new Date(at).toISOString()}</lastmod>`
    return `<url><loc>${escaped(here)}</loc>${changed}${others.join('')}</url>`
  })
  return `${opening}<urlset ${schema} xmlns:xhtml="http://www.w3.org/1999/xhtml">${entries.join('\n')}</urlset>\n`
}

/** RFC 9309. What is one reader's own, and what is no page, is nobody's to index. */
export const robots = (origin: string): string =>
  [
    'User-agent: *',
    ...[
      '/api/',
      '/dev/',
      '/studio',
      '/office',
      '/bag',
      '/orders',
      '/order/',
      '/invitation/',
      '/sign-in',
      '/account',
      '/notifications',
    ].map((path) => `Disallow: ${path}`),
    '',
    `Sitemap: ${origin}/sitemap.xml`,
    '',
  ].join('\n')
