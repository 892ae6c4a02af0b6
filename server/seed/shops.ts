import type { SeedCurrency } from './catalogue/products.ts'
import { readSeed, type SeedLocale, type Texts } from './catalogue/sheets.ts'

export type DeliveryKind = 'pickup' | 'courier' | 'post'
export type SeedDelivery = {
  kind: DeliveryKind
  /** In the currency of the shop. */
  priceMinor: number
  freeFromMinor?: number
  /** Working days, from and to. */
  days: [number, number]
  countries: string[]
}
export type SeedShop = {
  id: string
  name: string
  latinName: string
  country: string
  currency: SeedCurrency
  locale: SeedLocale
  returnDays: number
  payFirst: boolean
  payments: ('card' | 'cash_on_delivery')[]
  delivery: SeedDelivery[]
  about: Texts
}

export const seedShops: readonly SeedShop[] = readSeed<SeedShop[]>('data/shops.json')

export const deliveryTitles: Record<DeliveryKind, Texts> = {
  pickup: {
    ru: 'Пункт выдачи',
    en: 'Pickup point',
    es: 'Punto de recogida',
    fr: 'Point relais',
    ar: 'نقطة استلام',
    zh: '自提点',
    uk: 'Пункт видачі',
  },
  courier: { ru: 'Курьер', en: 'Courier', es: 'Mensajero', fr: 'Coursier', ar: 'مندوب توصيل', zh: '快递上门', uk: "Кур'єр" },
  post: { ru: 'Почта', en: 'Post', es: 'Correo', fr: 'Poste', ar: 'البريد', zh: '邮政包裹', uk: 'Пошта' },
}
