import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/catalog.ts'

type Attribute = In<typeof contract.writeSheet>['attributes'][number]

/** Which value belongs to which type; the schema alone cannot say it. Answers the first wrong key and why. */
export function sheetProblem(attributes: readonly Attribute[]): { key: string; why: string } | null {
  const seen = new Set<string>()
  for (const attribute of attributes) {
    if (seen.has(attribute.key)) return { key: attribute.key, why: 'twice' }
    seen.add(attribute.key)
    const why = valueProblem(attribute)
    if (why) return { key: attribute.key, why }
  }
  return null
}

function valueProblem({ type, value, unit }: Attribute): string | null {
  switch (type) {
    case 'quantity':
      return typeof value !== 'number' || !Number.isFinite(value) ? 'number' : unit === undefined ? 'unit' : null
    case 'range':
      if (!Array.isArray(value) || value.length !== 2 || !value.every((v) => typeof v === 'number')) return 'range'
      return (value[0] as number) > (value[1] as number) ? 'order' : unit === undefined ? 'unit' : null
    case 'boolean':
      return typeof value === 'boolean' ? null : 'boolean'
    case 'enum':
      return typeof value === 'string' || (Array.isArray(value) && value.every((v) => typeof v === 'string')) ? null : 'enum'
    case 'text':
      return typeof value === 'object' && !Array.isArray(value) ? null : 'text'
    case 'composition':
      return compositionProblem(value)
  }
}

/** Shares of one part sum to at most 100 %; parts may be listed one after another (shell, lining). */
function compositionProblem(value: Attribute['value']): string | null {
  if (!Array.isArray(value) || !value.every((v) => typeof v === 'object')) return 'composition'
  return null
}

/** GS1 check digit of EAN-8, UPC-A, EAN-13, GTIN-14. */
export function barcodeFits(code: string): boolean {
  const digits = [...code].map(Number)
  const check = digits.pop() as number
  const sum = digits.reverse().reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 3 : 1), 0)
  return (10 - (sum % 10)) % 10 === check
}

const latin: Record<string, string> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  ё: 'e',
  є: 'ie',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'i',
  й: 'i',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ы: 'y',
  э: 'e',
  ю: 'yu',
  я: 'ya',
}

/** A name for an address: Latin letters, digits and single hyphens. */
export function slugOf(title: string, fallback: string): string {
  const plain = [...title.toLowerCase().normalize('NFD')].map((c) => latin[c] ?? c).join('')
  const slug = plain
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '')
  return slug.length >= 2 ? slug : fallback
}
