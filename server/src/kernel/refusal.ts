import type { RefusalCode } from '@efir/contract/refusals.ts'

/** The world says no. Thrown inside the transaction, which rolls back; the web says it in the person's language. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly params: Readonly<Record<string, string | number | boolean>>
  constructor(code: RefusalCode, params: Record<string, string | number | boolean> = {}) {
    super(`refused: ${code}`)
    this.name = 'Refusal'
    this.code = code
    this.params = params
  }
}

/** Throws the refusal when what should be there is not. */
export function found<T>(value: T | null | undefined, code: RefusalCode = 'not_found'): T {
  if (value === null || value === undefined) throw new Refusal(code)
  return value
}

export function refuseIf(condition: boolean, code: RefusalCode, params?: Record<string, string | number | boolean>): void {
  if (condition) throw new Refusal(code, params)
}

/** A defect when false: `why` says why it is always true. */
export function assert(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Error(`defect: ${why}`)
}
