import type { Out } from '@efir/contract/act.ts'
import type { productPage } from '@efir/contract/catalog.ts'

export type Product = Out<typeof productPage>
