import { on, type Reaction } from '../../kernel/reactions.ts'
import { sql } from '../../kernel/sql.ts'
import { endpointDisabled } from '../integrations/events.ts'
import { showStarted } from '../shows/events.ts'
import { orderReactions } from './order-letters.ts'
import { pushReactions } from './push-jobs.ts'

export const reactions: Reaction[] = [
  on(endpointDisabled, (tx, { endpointId, shopId, url }) =>
    tx.addJob('notifications.sendEndpointDisabled', { shopId, url }, { key: `endpoint.disabled.${endpointId}` }),
  ),
  ...orderReactions,
  ...pushReactions,
  on(showStarted, async (tx, { showId }) => {
    const called = await tx.maybe(sql`select 1 from shows.show where id = ${showId} and visibility = 'public' and not demo`)
    if (!called) return
    await tx.addJob('notifications.callFollowers', { showId }, { key: `call.${showId}` })
    await tx.addJob('notifications.pushFollowers', { showId }, { key: `push.${showId}` })
  }),
]
