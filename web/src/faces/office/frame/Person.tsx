import type { Out } from '@efir/contract/act.ts'
import { type me as meAct, signOut } from '@efir/contract/identity.ts'
import { type Locale, locales } from '@efir/contract/scalars.ts'
import { localeNames } from '@efir/words/areas.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { ResetDemo } from '../../../parts/identity/ResetDemo.tsx'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { Button } from '../../../ui/Button.tsx'
import { RadioGroup, Select, Switch } from '../../../ui/Choice.tsx'
import { keysOn, switchKeys } from '../../../ui/keys.ts'
import { Avatar } from '../../../ui/Marks.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { chooseTheme, readTheme, type Theme } from '../../../ui/theme.ts'
import { useLanguage, useWords } from '../../../ui/words.tsx'

/** Oneself at the foot of the rail: language, look, keys, the way out. */
export function PersonButton({ me, onKeys }: { readonly me: Out<typeof meAct>; readonly onKeys: () => void }) {
  const words = useWords('office')
  const [open, setOpen] = useState(false)
  const name = me.person?.name ?? ''
  return (
    <>
      <button type="button" className="noun office-person" onClick={() => setOpen(true)} aria-haspopup="dialog">
        <Avatar name={name} src={imageUrl(me.person?.picture, 160)} size={20} />
        <span className="ellipsis">
          <bdi>{name}</bdi>
        </span>
      </button>
      <Sheet open={open} onClose={() => setOpen(false)} title={words('office.profile')} wide="middle" height="content">
        <Profile me={me} onKeys={onKeys} onClose={() => setOpen(false)} />
      </Sheet>
    </>
  )
}

interface ProfileProps {
  readonly me: Out<typeof meAct>
  readonly onKeys: () => void
  readonly onClose: () => void
}

function Profile({ me, onKeys, onClose }: ProfileProps) {
  const words = useWords('office', 'refusals')
  const { locale, choose } = useLanguage()
  const [theme, setTheme] = useState<Theme>(readTheme)
  const [keys, setKeys] = useState(keysOn)
  const leaving = useAct(signOut)
  const leave = async () => {
    // A new page forgets all that was known of this person.
    if ((await leaving.run({})).ok) location.assign('/office')
  }
  return (
    <div className="office-form">
      <p>
        <b>
          <bdi>{me.person?.name}</bdi>
        </b>
        <br />
        <span className="muted">
          <bdi>{me.person?.email}</bdi>
        </span>
      </p>
      <Select<Locale>
        label={words('common.language')}
        value={locale}
        onChange={choose}
        options={locales.map((one) => ({ value: one, label: localeNames[one] }))}
      />
      <RadioGroup<Theme>
        label={words('common.theme')}
        look="chips"
        value={theme}
        onChange={(next) => {
          setTheme(next)
          chooseTheme(next)
        }}
        options={[
          { value: 'system', label: words('common.theme_system') },
          { value: 'light', label: words('common.theme_light') },
          { value: 'dark', label: words('common.theme_dark') },
        ]}
      />
      <Switch
        label={words('office.letter_keys')}
        hint={words('office.letter_keys_hint')}
        checked={keys}
        onChange={(on) => {
          setKeys(on)
          switchKeys(on)
        }}
      />
      {me.person?.demo ? (
        <div className="office-actions">
          <ResetDemo />
        </div>
      ) : null}
      <ProblemNote problem={leaving.problem} />
      <div className="office-actions">
        <Button
          onPress={() => {
            onClose()
            onKeys()
          }}
        >
          {words('common.keys')}
        </Button>
        <Button href="/studio">{words('office.to_studio')}</Button>
        <Button href="/">{words('office.to_store')}</Button>
        <Button kind="ghost" busy={leaving.busy} onPress={() => void leave()}>
          {words('common.sign_out')}
        </Button>
      </div>
    </div>
  )
}
