import { Suspense } from 'react'
import { Button } from '../../../ui/Button.tsx'
import type { MenuProps } from '../../../ui/Menu.tsx'
import { lazyPart } from './lazy-part.tsx'

const Menu = lazyPart(() => import('../../../ui/Menu.tsx'), 'Menu')

/** A menu whose code comes after the page: it is a third of what the page weighs. */
export function LazyMenu(props: MenuProps) {
  return (
    <Suspense
      fallback={
        <Button size={props.size} kind={props.kind} icon={props.icon} label={props.label} disabled>
          {props.iconOnly ? '' : (props.children ?? props.label)}
        </Button>
      }
    >
      <Menu {...props} />
    </Suspense>
  )
}
