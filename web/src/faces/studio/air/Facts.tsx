import type { Out } from '@efir/contract/act.ts'
import { productEditor, productPage } from '@efir/contract/catalog.ts'
import { type Locale, textIn } from '@efir/contract/scalars.ts'
import { attributeText, quantityText, type Say, type SpecAttribute, specParts } from '@efir/words/spec.ts'
import { FileText } from 'lucide-react'
import { useState } from 'react'
import { useView } from '../../../net/query.ts'
import type { DeskLot } from '../../../parts/studio/thumb.ts'
import { cx } from '../../../ui/cx.ts'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import './Facts.css'

type Sheet = Out<typeof productPage>['sheet']
type Attribute = Sheet['attributes'][number]

/** The product of a lot: as everybody sees it, or as its shop does while it is a draft. */
export function useSheet(lot: DeskLot, staff: boolean): Sheet | null {
  const productId = lot.productId ?? ''
  const open = useView(productPage, { productId }, { when: productId !== '', staleMs: 60_000 })
  const draft = useView(
    productEditor,
    { productId },
    { when: productId !== '' && staff && open.state === 'failed', staleMs: 60_000 },
  )
  return open.value?.sheet ?? draft.value?.sheet ?? null
}

export interface Far {
  readonly label: string
  /** In the largest letters. */
  readonly value: string
  /** Unit, qualifier and condition. */
  readonly beside: string
  readonly size: 'far' | 'long' | 'text'
}

export function farOf(locale: Locale, say: Say, attribute: Attribute): Far {
  const label = textIn(attribute.label, locale)
  const given = attribute as unknown as SpecAttribute
  if (given.type === 'quantity' || given.type === 'range') {
    const number = quantityText(locale, say, given.value)
    const { qualifier, condition } = specParts(locale, say, given)
    const unit = quantityText(locale, say, given.value, given.unit).replace(number, '').trim()
    return {
      label,
      value: number,
      beside: [[unit, qualifier].filter(Boolean).join(' '), condition].filter(Boolean).join('\n'),
      size: number.length > 5 ? 'long' : 'far',
    }
  }
  const value = attributeText(locale, say, given)
  return { label, value, beside: '', size: value.length > 5 ? 'text' : 'long' }
}

/** One fact in letters that are read from two metres; a tap brings the next one. */
export function FarFacts({ lot, staff }: { readonly lot: DeskLot; readonly staff: boolean }) {
  const words = useWords('studio')
  const say = useWords('units')
  const { locale } = useLanguage()
  const sheet = useSheet(lot, staff)
  const [at, setAt] = useState(0)
  const attributes = sheet?.attributes ?? []
  const one = attributes[at % Math.max(1, attributes.length)]
  if (!sheet || !one) return null
  const far = farOf(locale, say as unknown as Say, one)
  const shown = at % attributes.length
  return (
    <button type="button" className="glass far" onClick={() => setAt(shown + 1)}>
      <span className="far-body">
        <span className="hidden-text">{words('studio.next_fact')}</span>
        <b className="far-label">{far.label}</b>
        <span className="far-line">
          <strong className={`far-${far.size}`}>
            <bdi>{far.value}</bdi>
          </strong>
          {far.beside ? <span className="far-beside">{far.beside}</span> : null}
        </span>
        <span className="far-source">
          <FileText size={16} aria-hidden />
          {words('studio.sheet', { version: sheet.version })}
          <u aria-hidden="true">
            {attributes.slice(0, 8).map((fact, index) => (
              <i key={fact.key} className={cx(index === shown % 8 && 'far-dot-on')} />
            ))}
          </u>
        </span>
      </span>
    </button>
  )
}

/** All facts, for the second screen. */
export function FactList({ lot, staff }: { readonly lot: DeskLot; readonly staff: boolean }) {
  const words = useWords('studio')
  const say = useWords('units')
  const { locale } = useLanguage()
  const sheet = useSheet(lot, staff)
  if (!sheet || sheet.attributes.length === 0) return <p className="muted">{words('studio.no_facts')}</p>
  return (
    <dl className="fact-list">
      {sheet.attributes.map((one) => {
        const far = farOf(locale, say as unknown as Say, one)
        return (
          <div key={one.key}>
            <dt>{far.label}</dt>
            <dd>
              <bdi>{attributeText(locale, say as unknown as Say, one as unknown as SpecAttribute)}</bdi>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
