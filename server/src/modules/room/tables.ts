import type { ChatMark } from '@efir/contract/room/down.ts'

export interface MessageRow {
  id: string
  show_id: string
  person_id: string
  name: string
  mark: ChatMark | null
  text: string
  key: string
  at: number
  deleted_at: number | null
  deleted_by: string | null
}
export interface SettingsRow {
  show_id: string
  slow_ms: number
  pinned_message_id: string | null
}
