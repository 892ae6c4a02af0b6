export interface ApiKeyRow {
  id: string
  shop_id: string | null
  person_id: string
  name: string
  secret_hash: Buffer
  scopes: string[]
  made_at: number
  expires_at: number
  used_at: number | null
  revoked_at: number | null
}

export interface KeyCallRow {
  id: number
  at: number
  act: string
  status: number
  refusal: string | null
  remote: string
  request_id: string
}
