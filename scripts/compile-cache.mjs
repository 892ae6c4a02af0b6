// Loaded before the server: what Node compiled at the last start is not compiled again.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/efir'))
