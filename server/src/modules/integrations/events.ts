import { eventType } from '../../kernel/events.ts'

interface KeyBody {
  keyId: string
  shopId: string | null
  personId: string
}
export const keyMade = eventType<KeyBody & { scopes: string[] }>('key.made')
export const keyRevoked = eventType<KeyBody>('key.revoked')

/** It did not answer for days, or said that it never will. */
export const endpointDisabled = eventType<{ endpointId: string; shopId: string; url: string }>('endpoint.disabled')
