import { type ComponentType, lazy } from 'react'

/** A page in a chunk of its own: `lazyPage(() => import('./CartPage.tsx'), 'CartPage')`. */
export const lazyPage = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }))
