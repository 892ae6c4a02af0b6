import type { Locale } from '@efir/contract/scalars.ts'

const others: readonly Locale[] = ['ru', 'es', 'fr', 'ar', 'zh', 'uk']

/** Names, marks and words that some language spells as English does. Anything else that is equal counts as untranslated. */
export const sameAsEnglish: Readonly<Record<string, readonly Locale[]>> = {
  'common.brand': others,
  'common.menu': ['fr'],
  'common.pause': ['fr'],
  'common.total': ['es', 'fr'],
  'checkout.field_province': ['fr'],
  'store.category_drone': ['es', 'fr'],
  'store.colour_cognac': ['fr'],
  'store.colour_coral': ['es'],
  'store.colour_graphite': ['fr'],
  'store.colour_indigo': ['fr'],
  'store.colour_olive': ['fr'],
  'store.colour_orange': ['fr'],
  'store.invitation': ['fr'],
  'store.relation_rival': ['es', 'fr'],
  'store.sheet_version': ['fr'],
  'store.studio': ['fr'],
  'watch.chat': ['es'],
  'units.v_amoled': others,
  'units.v_oled': others,
  'units.v_lidar': ['es', 'fr'],
  'units.v_normal': ['es'],
  'units.v_aluminium': ['fr'],
  'units.v_graphite': ['fr'],
  'units.v_gyroscope': ['fr'],
  'units.v_mature': ['fr'],
  'units.v_orange': ['fr'],
  'units.v_polyamide': ['fr'],
  'units.v_polyester': ['fr'],
  'units.v_terracotta': ['fr'],
  'units.v_viscose': ['fr'],
}
