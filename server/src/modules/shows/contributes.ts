import { textIn } from '@efir/contract/scalars.ts'
import type { PlaceFinders } from '../../kernel/bind.ts'
import { shopOf } from '../identity/views.ts'
import { graceMs, type StreamOwner } from '../media/ports.ts'
import type { ShopOfStream } from '../media/verbs/keys.ts'
import { nextState, onAir } from './rules.ts'
import { showRow } from './views.ts'

export const places: PlaceFinders = {
  async showId(ctx, showId) {
    const show = await showRow(ctx, showId)
    return show ? { shopId: show.shop_id, showId } : null
  },
}

/** A show's stream has the show's id. */
export const streamOwner: StreamOwner = async (ctx, streamId) => {
  const show = await showRow(ctx, streamId)
  if (!show) return null
  if (!onAir(show.state) && !nextState(show.state, 'start')) return { refusal: 'show_over' }
  if (show.state === 'cut') return { refusal: 'show_cut' }
  const shop = await shopOf(ctx, show.shop_id)
  return {
    title: textIn(show.title, 'en'),
    recordingDays: show.visibility === 'team' || show.demo ? 0 : (shop.settings.recordingDays ?? 90),
    playbackKey: show.visibility === 'public' ? null : show.playback_key,
    graceMs,
  }
}

export const shopOfStream: ShopOfStream = async (q, streamId) => (await showRow(q, streamId))?.shop_id ?? null
