import { on, type Reaction } from '../../kernel/reactions.ts'
import { guestClaimed } from '../identity/events.ts'
import { onGuestClaimed } from './verbs.ts'

export const reactions: Reaction[] = [on(guestClaimed, onGuestClaimed)]
