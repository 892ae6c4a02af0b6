import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
