import { readSeed, type SeedLocale, type Texts } from './catalogue/sheets.ts'

export type SeedHost = {
  id: string
  name: string
  latinName: string
  languages: SeedLocale[]
  country: string
  email: string
  /** Categories of goods this host knows. */
  topics: string[]
  bio: Texts
}

/** Numbers are kept for fiction where a country has such a range (US 555-01, FR 02 61 91); elsewhere a row of zeros. */
export type SeedAddress = { line1: string; city: string; region?: string; postcode: string; country: string; phone: string }
export type SeedBuyer = { id: string; name: string; locale: SeedLocale; email: string; address: SeedAddress }
export type StaffRole = 'owner' | 'manager' | 'fulfilment'
export type SeedStaff = { id: string; name: string; locale: SeedLocale; email: string; shopId: string; role: StaffRole }
export type SeedModerator = { id: string; name: string; languages: SeedLocale[]; email: string }

export const seedHosts: readonly SeedHost[] = readSeed<SeedHost[]>('data/hosts.json')

const staff = (shopId: string, locale: SeedLocale, owner: string, manager: string, fulfilment: string): SeedStaff[] =>
  (
    [
      ['owner', owner],
      ['manager', manager],
      ['fulfilment', fulfilment],
    ] as const
  ).map(([role, name]) => ({
    id: `${shopId}-${role}`,
    name,
    locale,
    email: `${role}@${shopId}.example`,
    shopId,
    role,
  }))

export const seedStaff: readonly SeedStaff[] = [
  ...staff('polden', 'ru', 'Вера Кольцова', 'Артём Шубин', 'Галина Репина'),
  ...staff('teply-dim', 'uk', 'Ганна Мельник', 'Остап Гринько', 'Леся Бойчук'),
  ...staff('maison-lumen', 'fr', 'Camille Vasseur', 'Hugo Perrin', 'Nadia Belkacem'),
  ...staff('norte-abierto', 'es', 'Lucía Ferrer', 'Mateo Salas', 'Ainhoa Prado'),
  ...staff('field-note', 'en', 'June Halloway', 'Marcus Whitfield', 'Priya Raman'),
  ...staff('jade-mirror', 'zh', '沈玉兰', '周启明', '何小雨'),
]

export const seedModerators: readonly SeedModerator[] = [
  { id: 'mod-alisa', name: 'Алиса Журавлёва', languages: ['ru', 'uk', 'en'], email: 'alisa@moderators.example' },
  { id: 'mod-pablo', name: 'Pablo Iriarte', languages: ['es', 'fr', 'en'], email: 'pablo@moderators.example' },
  { id: 'mod-yusra', name: 'يسرى المنصور', languages: ['ar', 'fr', 'en'], email: 'yusra@moderators.example' },
  { id: 'mod-jing', name: '方静', languages: ['zh', 'en'], email: 'jing@moderators.example' },
]

export const seedOperator = { id: 'operator', name: 'Nora Lindqvist', locale: 'en' as SeedLocale, email: 'operator@efir.example' }

type Place = {
  country: string
  phone: string
  postcode: string
  city: string
  region?: string
  street: (house: number) => string
}

/** Invented towns and streets; the house number and the last two digits of the phone are the buyer's own. */
const PLACES: Record<string, Place> = {
  RU: {
    country: 'RU',
    phone: '+790000000',
    postcode: '101000',
    city: 'Примерск',
    region: 'Примерная область',
    street: (house) => `ул. Выдуманная, д. ${house}`,
  },
  UA: {
    country: 'UA',
    phone: '+3805000000',
    postcode: '01001',
    city: 'Зразкове',
    region: 'Зразкова область',
    street: (house) => `вул. Вигадана, ${house}`,
  },
  US: {
    country: 'US',
    phone: '+121255501',
    postcode: '10001',
    city: 'Sampleton',
    region: 'NY',
    street: (house) => `${house} Fiction Street`,
  },
  ES: {
    country: 'ES',
    phone: '+346000000',
    postcode: '28001',
    city: 'Villaejemplo',
    region: 'Madrid',
    street: (house) => `Calle Inventada, ${house}`,
  },
  FR: {
    country: 'FR',
    phone: '+332619100',
    postcode: '69001',
    city: 'Exempleville',
    street: (house) => `${house} rue Imaginaire`,
  },
  CN: {
    country: 'CN',
    phone: '+86130000000',
    postcode: '100000',
    city: '示例市',
    region: '样本省',
    street: (house) => `虚构路${house}号`,
  },
  PH: {
    country: 'PH',
    phone: '+6391700000',
    postcode: '1000',
    city: 'Halimbawa',
    region: 'Metro Manila',
    street: (house) => `${house} Kathang-isip Street`,
  },
}

const BUYERS: readonly (readonly [locale: SeedLocale, place: string, names: string])[] = [
  ['ru', 'RU', 'Ольга Самойлова|Илья Громов|Марина Ткач|Дамир Юсупов|Света Павлова|Кирилл Лунин|Наталья Орехова|Женя Воронцов'],
  ['en', 'US', 'Theo Brandt|Maya Collins|Jordan Blake|Hannah Pike'],
  ['en', 'PH', 'Jasmin Reyes|Paolo Santos|Liza Villanueva'],
  ['es', 'ES', 'Carmen Solís|Álvaro Nieto|Lola Benítez|Jorge Amador|Nuria Campos|Iván Rosales'],
  ['fr', 'FR', 'Élodie Garnier|Baptiste Roche|Manon Chevalier|Karim Lefèvre|Sophie Tessier'],
  ['ar', 'FR', 'ليلى منصور|عمر الخطيب|هدى سليم'],
  ['ar', 'US', 'ياسين بركات|ريم النجار'],
  ['zh', 'CN', '李薇|王子涵|陈晓东|赵一鸣|孙悦'],
  ['uk', 'UA', 'Оля Кравець|Тарас Довженко|Юлія Савчук|Богдан Мороз'],
]

export const seedBuyers: readonly SeedBuyer[] = BUYERS.flatMap(([locale, key, names]) => {
  const place = PLACES[key]
  if (place === undefined) throw new Error(`no place ${key}`)
  return names.split('|').map((name) => ({ locale, key, name, place }))
}).map(({ locale, name, place }, index) => ({
  id: `buyer-${String(index + 1).padStart(2, '0')}`,
  name,
  locale,
  email: `buyer${String(index + 1).padStart(2, '0')}@demo.example`,
  address: {
    line1: place.street(index + 3),
    city: place.city,
    ...(place.region === undefined ? {} : { region: place.region }),
    postcode: place.postcode,
    country: place.country,
    phone: `${place.phone}${String(index + 1).padStart(2, '0')}`,
  },
}))
