import { ImageUp } from 'lucide-react'
import { type DragEvent, type ReactNode, useId, useState } from 'react'
import { cx } from './cx.ts'
import './FileDrop.css'
import { useWords } from './words.tsx'

export interface FileDropProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** As of an input: `image/*,.pdf`. */
  readonly accept?: string
  readonly multiple?: boolean
  readonly maxBytes?: number
  readonly busy?: boolean
  readonly onFiles: (files: readonly File[]) => void
}

export function fits(file: { readonly name: string; readonly type: string }, accept: string): boolean {
  return accept
    .split(',')
    .map((one) => one.trim())
    .some((one) => {
      if (one.startsWith('.')) return file.name.toLowerCase().endsWith(one.toLowerCase())
      return one.endsWith('/*') ? file.type.startsWith(one.slice(0, -1)) : file.type === one
    })
}

export function FileDrop({ label, hint, accept, multiple, maxBytes, busy, onFiles }: FileDropProps) {
  const words = useWords()
  const id = useId()
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])].slice(0, multiple ? undefined : 1)
    const wrong = accept ? files.find((file) => !fits(file, accept)) : undefined
    const large = maxBytes ? files.find((file) => file.size > maxBytes) : undefined
    setProblem(
      wrong
        ? words('common.file_wrong_type', { name: wrong.name })
        : large
          ? words('common.file_too_large', { name: large.name, max: Math.floor((maxBytes ?? 0) / 1_000_000) })
          : null,
    )
    const good = files.filter((file) => file !== wrong && (!maxBytes || file.size <= maxBytes) && (!accept || fits(file, accept)))
    if (good.length > 0) onFiles(good)
  }
  const onDrag = (event: DragEvent) => {
    event.preventDefault()
    setOver(event.type === 'dragover')
  }
  return (
    <div className="field">
      <label
        className={cx('file-drop', over && 'file-drop-over')}
        htmlFor={id}
        onDragOver={onDrag}
        onDragLeave={onDrag}
        onDrop={(event) => {
          onDrag(event)
          take(event.dataTransfer.files)
        }}
      >
        {busy ? <span className="spinner" aria-hidden="true" /> : <ImageUp size={22} aria-hidden />}
        <b>{label}</b>
        <span className="muted small">{hint ?? words('common.drop_files')}</span>
        <input
          id={id}
          type="file"
          className="check-input"
          accept={accept}
          multiple={multiple}
          disabled={busy}
          onChange={(event) => {
            take(event.target.files)
            event.target.value = ''
          }}
        />
      </label>
      {problem ? (
        <p className="field-note file-drop-problem" role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
