import type { PlaceFinders } from '../../kernel/bind.ts'

/** A shop is its own place; whether it exists is seen by the roles in it. */
export const places: PlaceFinders = { shopId: async (_, shopId) => ({ shopId }) }
