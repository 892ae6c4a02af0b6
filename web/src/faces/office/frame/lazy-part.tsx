import { type ComponentType, lazy } from 'react'
import { Skeleton } from '../../../ui/State.tsx'

/** A part of a page in a chunk of its own: `lazyPart(() => import('./SheetTab.tsx'), 'SheetTab')`. */
export const lazyPart = <Name extends string, P>(load: () => Promise<Record<Name, ComponentType<P>>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }))

/** In the place of a part that is on its way. */
export function TabWaiting() {
  return (
    <div className="office-body" aria-busy="true">
      <Skeleton height="320px" />
    </div>
  )
}
