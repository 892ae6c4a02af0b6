import type { PlanAt, Thumb } from '../../../parts/studio/thumb.ts'
import type { Camera } from '../../../parts/studio/use-camera.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import type { Sender } from '../../../parts/studio/use-sender.ts'

/** What every part of the desk needs to know while the show is on. */
export interface Air {
  readonly desk: Desk
  readonly camera: Camera
  readonly sender: Sender
  /** By the server's clock, each second. */
  readonly now: number
  readonly startedAt: number
  readonly thumb: Thumb
  readonly plan: PlanAt
  readonly panel: 'chat' | 'plan' | 'more' | 'quick' | 'end' | 'keys' | null
  show(panel: Air['panel']): void
}
