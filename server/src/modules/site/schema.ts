import { imageAt } from './facts.ts'

/** People and shops as schema.org names them, in one place for every page that mentions them. */
export const organization = (
  shop: { readonly name: string; readonly slug: string; readonly logo?: string | undefined },
  origin: string,
) => ({
  '@type': 'OnlineStore',
  name: shop.name,
  url: `${origin}/shop/${shop.slug}`,
  ...(shop.logo ? { logo: new URL(imageAt(shop.logo, 320) ?? '', origin).href } : {}),
})
export const person = (
  host: { readonly id: string; readonly name: string; readonly picture?: string | undefined },
  origin: string,
) => ({
  '@type': 'Person',
  name: host.name,
  url: `${origin}/host/${host.id}`,
  ...(host.picture ? { image: new URL(imageAt(host.picture, 640) ?? '', origin).href } : {}),
})
