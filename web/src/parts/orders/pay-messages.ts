/** What the sheet and the provider's form in its frame say to each other: same origin, nothing secret but the payer's own. */
export interface PayTerms {
  /** In the provider's units. */
  readonly amount: number
  readonly currency: string
  readonly captureMethod: 'automatic' | 'manual'
}
export type ToForm =
  | { readonly efir: 'pay'; readonly do: 'show'; readonly terms: PayTerms; readonly locale: string }
  | { readonly efir: 'pay'; readonly do: 'submit'; readonly ask: number }
  | { readonly efir: 'pay'; readonly do: 'answer'; readonly ask: number; readonly secret: string }
export type FromForm =
  /** The provider's script is here; `false`: it did not come. */
  | { readonly efir: 'pay'; readonly said: 'ready'; readonly ok: boolean }
  | { readonly efir: 'pay'; readonly said: 'height'; readonly px: number }
  /** Null: what was typed is wrong, and the form says so. */
  | { readonly efir: 'pay'; readonly said: 'token'; readonly ask: number; readonly token: string | null }
  | { readonly efir: 'pay'; readonly said: 'answered'; readonly ask: number; readonly ok: boolean }

export const isPayMessage = (data: unknown): data is { efir: 'pay' } =>
  typeof data === 'object' && data !== null && (data as { efir?: unknown }).efir === 'pay'
