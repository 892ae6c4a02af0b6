import type { Locale, LocalText } from '@efir/contract/scalars.ts'
import type { ShowState } from './rules.ts'

export interface ShowRow {
  id: string
  shop_id: string
  series_id: string | null
  title: LocalText
  about: LocalText
  cover: string | null
  cover_wide: string | null
  topic: string
  languages: Locale[]
  currency: string
  state: ShowState
  visibility: 'public' | 'unlisted' | 'team'
  starts_at: number | null
  planned_minutes: number
  started_at: number | null
  ended_at: number | null
  slate: boolean
  cut_reason: string | null
  encoder_delay_ms: number
  room_delay_ms: number
  viewers: number
  viewers_peak: number
  lots: number
  playback_key: string
  demo: boolean
  created_by: string | null
  created_at: number
}

export interface ItemRow {
  id: string
  show_id: string
  position: number
  kind: 'talk' | 'lot'
  title: string
  note: string
  planned_seconds: number
  lot_id: string | null
  started_at: number | null
  ended_at: number | null
}
