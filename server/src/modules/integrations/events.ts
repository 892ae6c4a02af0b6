import { eventType } from '../../kernel/events.ts'

interface KeyBody {
  keyId: string
  shopId: string | null
  personId: string
}
export const keyMade = eventType<KeyBody & { scopes: string[] }>('key.made')
export const keyRevoked = eventType<KeyBody>('key.revoked')
