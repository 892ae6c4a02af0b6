import { createHash } from 'node:crypto'

/** What a backup holds, with a checksum of each part; its last entry. */
export interface Manifest {
  readonly format: 'efir backup'
  readonly version: 1
  readonly madeAt: number
  /** Of the product's schema: a restore needs a version of Efir that knows all of them. */
  readonly migrations: readonly { readonly name: string; readonly digest: string }[]
  /** Of the library that keeps the jobs. */
  readonly jobSchema: number
  readonly eventHead: number
  /** Tells whether the secret of this place is the one under which secrets in the database were encrypted; says nothing about it. */
  readonly secretPrint: string
  readonly tables: readonly TablePart[]
  readonly sequences: readonly { readonly name: string; readonly value: string; readonly called: boolean }[]
  readonly files: readonly FilePart[]
}

export interface TablePart {
  /** `schema.table` */
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

export interface FilePart {
  readonly key: string
  readonly bytes: number
  readonly sha256: string
}

export const manifestName = 'manifest.json'
export const tablePrefix = 'tables/'
export const filePrefix = 'files/'

export const printOf = (secret: string): string => createHash('sha256').update(`efir backup ${secret}`).digest('hex').slice(0, 16)

/** As PostgreSQL quotes them, always. */
export const quoted = (name: string): string => name.split('.').map(quotedPart).join('.')
export const quotedPart = (part: string): string => `"${part.replaceAll('"', '""')}"`

export interface Summary {
  readonly tables: number
  readonly rows: number
  readonly files: number
  readonly bytes: number
}

export const summaryOf = ({ tables, files }: Manifest): Summary => ({
  tables: tables.length,
  rows: tables.reduce((sum, table) => sum + table.rows, 0),
  files: files.length,
  bytes: [...tables, ...files].reduce((sum, part) => sum + part.bytes, 0),
})
