import { useEffect } from 'react'
import type { Moment } from '../../../parts/lots/moment.ts'
import type { Player } from '../../../player/player.ts'

/** While a countdown runs, a second more or less of delay decides: the player takes a nearer way, when there is one. */
export function useNear(player: Player | null, moment: Moment): void {
  const near = countsSeconds(moment)
  useEffect(() => player?.setNear(near), [player, near])
}

function countsSeconds(moment: Moment): boolean {
  switch (moment.at) {
    case 'soon':
      return moment.opensAt !== null
    case 'buy':
    case 'asking':
      return moment.closesAt !== null
    default:
      return false
  }
}
