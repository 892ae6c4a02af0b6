import { arrangePictures, productEditor, shopProducts } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { ChevronLeft, ChevronRight, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Problem } from '../../../net/api.ts'
import { useAct } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { pictureMaxBytes, pictureTypes, uploadPicture } from '../../../parts/catalog/upload.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { IconButton } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { FileDrop } from '../../../ui/FileDrop.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { LocaleTabs } from './LocaleTabs.tsx'
import { type ProductView, saidTexts, says } from './product.tsx'

type Picture = ProductView['pictures'][number]
const changed = [productEditor, shopProducts] as const

/** Each change is saved as it is made: order by drag or by arrows, the first picture is the face. */
export function PicturesTab({ product, mine }: { readonly product: ProductView; readonly mine: boolean }) {
  const words = useWords('office', 'refusals')
  const shop = useShop()
  const { locale: page } = useLanguage()
  const [locale, setLocale] = useState(page)
  const [dragged, setDragged] = useState<number | null>(null)
  const [uploading, setUploading] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const saving = useAct(arrangePictures, { changes: changed })
  const { pictures } = product
  const save = (next: readonly Picture[]) =>
    saving.run({
      productId: product.id,
      pictures: next.map(({ id, alt, variantId }) => {
        const said = saidTexts(alt)
        return { id, ...(said ? { alt: said } : {}), ...(variantId ? { variantId } : {}) }
      }),
    })
  const move = (from: number, to: number) => {
    const next = [...pictures]
    const [one] = next.splice(from, 1)
    if (!one || to < 0 || to > next.length) return
    next.splice(to, 0, one)
    void save(next)
  }
  const upload = async (files: readonly File[]) => {
    setUploading(true)
    setProblem(null)
    const added: Picture[] = []
    for (const file of files) {
      const answer = await uploadPicture(shop.id, file)
      if (answer.ok) added.push(answer.value)
      else setProblem(answer.problem)
    }
    if (added.length > 0) await save([...pictures, ...added])
    setUploading(false)
  }
  return (
    <div className="office-rows">
      <div className="office-body">
        {mine ? (
          <FileDrop
            label={words('office.add_pictures')}
            hint={words('office.pictures_hint')}
            accept={pictureTypes}
            maxBytes={pictureMaxBytes}
            multiple
            busy={uploading}
            onFiles={(files) => void upload(files)}
          />
        ) : null}
        <ProblemNote problem={problem ?? saving.problem} />
        {pictures.length > 0 ? (
          <LocaleTabs at={locale} onChange={setLocale} filled={(one) => pictures.every((picture) => says(picture.alt, one))}>
            <ol className="pictures" aria-busy={saving.busy || undefined}>
              {pictures.map((picture, index) => (
                <li
                  key={picture.id}
                  className="picture"
                  draggable={mine}
                  data-dragged={dragged === index || undefined}
                  onDragStart={() => setDragged(index)}
                  onDragEnd={() => setDragged(null)}
                  onDragOver={(event) => dragged !== null && event.preventDefault()}
                  onDrop={(event) => {
                    event.preventDefault()
                    if (dragged !== null && dragged !== index) move(dragged, index)
                    setDragged(null)
                  }}
                >
                  <Shot base={picture.base} tint={picture.tint} alt={textIn(picture.alt, locale)} sizes="220px" />
                  {index === 0 ? (
                    <span className="picture-face">
                      <Tag>{words('office.face')}</Tag>
                    </span>
                  ) : null}
                  <AltText
                    key={locale}
                    text={picture.alt[locale] ?? ''}
                    disabled={!mine}
                    onSave={(text) =>
                      void save(
                        pictures.map((one) => (one.id === picture.id ? { ...one, alt: { ...one.alt, [locale]: text } } : one)),
                      )
                    }
                  />
                  {product.variantList.length > 1 ? (
                    <Select
                      size="s"
                      hideLabel
                      label={words('office.variant')}
                      value={picture.variantId ?? 'all'}
                      disabled={!mine}
                      onChange={(id) =>
                        void save(
                          pictures.map((one) =>
                            one.id === picture.id ? { ...one, variantId: id === 'all' ? undefined : id } : one,
                          ),
                        )
                      }
                      options={[
                        { value: 'all', label: words('office.all_variants') },
                        ...product.variantList.map((one) => ({ value: one.id, label: one.sku })),
                      ]}
                    />
                  ) : null}
                  {mine ? (
                    <PictureActs
                      first={index === 0}
                      last={index === pictures.length - 1}
                      onMove={(by) => move(index, index + by)}
                      onRemove={() => void save(pictures.filter((one) => one.id !== picture.id))}
                    />
                  ) : null}
                </li>
              ))}
            </ol>
          </LocaleTabs>
        ) : mine ? null : (
          <p className="muted">{words('common.empty')}</p>
        )}
      </div>
    </div>
  )
}

interface Acts {
  readonly first: boolean
  readonly last: boolean
  readonly onMove: (by: -1 | 1) => void
  readonly onRemove: () => void
}

function PictureActs({ first, last, onMove, onRemove }: Acts) {
  const words = useWords('office')
  return (
    <div className="picture-acts">
      <IconButton size="s" flip icon={ChevronLeft} label={words('office.earlier')} disabled={first} onPress={() => onMove(-1)} />
      <IconButton size="s" flip icon={ChevronRight} label={words('office.later')} disabled={last} onPress={() => onMove(1)} />
      <IconButton size="s" icon={Trash2} label={words('common.remove')} onPress={onRemove} />
    </div>
  )
}

function AltText({
  text,
  disabled,
  onSave,
}: {
  readonly text: string
  readonly disabled: boolean
  readonly onSave: (text: string) => void
}) {
  const words = useWords('office')
  const [draft, setDraft] = useState(text)
  const save = () => {
    if (draft.trim() !== text) onSave(draft.trim())
  }
  return (
    <TextInput
      size="s"
      hideLabel
      label={words('office.alt_text')}
      placeholder={words('office.alt_text')}
      value={draft}
      onChange={setDraft}
      onBlur={save}
      onEnter={save}
      disabled={disabled}
      maxLength={300}
      dir="auto"
    />
  )
}
