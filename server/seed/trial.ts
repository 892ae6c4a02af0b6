import { type SeedShow, seedShows } from './shows.ts'

/** A draft of the host whom a newcomer becomes by one click: theirs to go live with. It is no demo show, so it is recorded. */
export const trialId = 'your-own'

export function trialShow(): SeedShow {
  const onAir = seedShows.find((s) => s.kind === 'always_on')
  if (!onAir) throw new Error('no show is always on air')
  const { hostId, producerShopId, locale, cover, lots } = onAir
  return {
    id: trialId,
    kind: 'upcoming',
    hostId,
    producerShopId,
    locale,
    moderators: ['mod-alisa'],
    cover: { ...cover, productId: 'ampelko-10k' },
    title: {
      ru: 'Ваш первый эфир',
      en: 'Your first show',
      es: 'Tu primer directo',
      fr: 'Votre premier direct',
      ar: 'بثّك الأول',
      zh: '您的第一场直播',
      uk: 'Ваш перший ефір',
    },
    description: {
      ru: 'Черновик для пробы: включите камеру или OBS, закрепите лот, откройте его и закончите, когда захотите.',
      en: 'A draft to try things with: turn on the camera or OBS, pin a lot, open it, and end the show whenever you like.',
      es: 'Un borrador para probar: enciende la cámara u OBS, fija un lote, ábrelo y termina cuando quieras.',
      fr: 'Un brouillon pour essayer : allumez la caméra ou OBS, épinglez un lot, ouvrez-le et terminez quand vous voulez.',
      ar: 'مسودة للتجربة: شغّل الكاميرا أو OBS، وثبّت عرضاً وافتحه، وأنهِ البث متى شئت.',
      zh: '供您试用的草稿：打开摄像头或 OBS，置顶一件商品，开卖，想结束时随时结束。',
      uk: 'Чернетка для спроби: увімкніть камеру або OBS, закріпіть лот, відкрийте його й завершіть, коли захочете.',
    },
    rundown: lots.slice(0, 3).map((lot) => ({ kind: 'lot' as const, minutes: 5, lot: lot.key })),
    lots: lots.slice(0, 3).map((lot) => ({ ...lot, quota: Math.min(10, lot.quota) })),
    chapters: [],
  }
}
