/** Every expected "no": its HTTP status. The web translates code + parameters; the server never sends prose. */
export const refusals = {
  // any act
  not_signed_in: 401,
  not_allowed: 403,
  not_found: 404,
  bad_input: 400,
  too_many_requests: 429,
  /** Admission control: try again in `retryInMs`. */
  busy: 503,
  // identity
  code_wrong: 403,
  code_expired: 403,
  password_wrong: 403,
  password_weak: 422,
  email_taken: 409,
  invitation_gone: 410,
  /** Mailed to `email`: only who has proven that address may accept. */
  invitation_other: 403,
  /** Sign in once more: this needs a fresh proof. */
  prove_again: 403,
  passkeys_off: 409,
  passkeys_full: 409,
  passkey_wrong: 403,
  outside_down: 503,
  /** What came back from the account elsewhere was not what was asked for, or came too late. */
  outside_failed: 403,
  outside_taken: 409,
  /** The account elsewhere does not vouch for its e-mail address. */
  outside_unverified: 403,
  /** There is an account with that address: sign in to it once, then both are joined. */
  outside_join: 409,
  /** An account with orders on their way cannot be erased. */
  orders_open: 409,
  export_waiting: 409,
  last_owner: 409,
  demo_off: 403,
  /** Shops or operators that are not of the demo world would be deleted with it. */
  demo_not_alone: 409,
  csrf_failed: 403,
  already_set_up: 409,
  // catalog
  slug_taken: 409,
  sku_taken: 409,
  picture_unreadable: 422,
  picture_too_large: 413,
  sheet_changed: 409,
  sheet_invalid: 422,
  currency_unknown: 422,
  product_incomplete: 422,
  // stock
  stock_short: 409,
  // lots
  lot_not_open: 409,
  lot_closed: 409,
  lot_sold_out: 409,
  lot_limit_reached: 409,
  lot_elsewhere: 409,
  lot_state: 409,
  too_many_pins: 409,
  watch_first: 403,
  proof_wrong: 403,
  // orders
  reservation_gone: 409,
  cart_empty: 409,
  cart_full: 409,
  price_changed: 409,
  address_invalid: 422,
  delivery_unavailable: 409,
  order_state: 409,
  refund_too_large: 409,
  /** The same idempotency key came with other contents. */
  key_reused: 409,
  // ledger
  payout_too_large: 409,
  payout_state: 409,
  // payments
  payment_declined: 402,
  payment_method_unavailable: 409,
  payment_unknown: 409,
  payment_pending: 409,
  // shows
  show_state: 409,
  show_not_public: 403,
  rundown_full: 409,
  reminder_needs_email: 422,
  // notifications
  /** A push service is reached by https at a public address. */
  push_address_refused: 422,
  stream_key_revoked: 403,
  media_down: 503,
  // room
  chat_muted: 403,
  chat_banned: 403,
  chat_slow: 429,
  chat_blocked_word: 422,
  room_full: 503,
  // integrations
  integration_limit: 409,
  scope_unknown: 422,
  address_not_public: 422,
  event_unknown: 422,
  /** The page that asks is not of a site that the shop has named. */
  site_not_allowed: 403,
} as const
export type RefusalCode = keyof typeof refusals

/** Parameters that the translated sentence may use. */
export interface RefusalBody {
  readonly code: RefusalCode
  readonly params?: Readonly<Record<string, string | number | boolean>>
}
