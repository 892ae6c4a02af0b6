import { type enterPasskey, startPasskey } from '@efir/contract/account.ts'
import type { In } from '@efir/contract/act.ts'
import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { call } from '../../net/api.ts'

type Credential = In<typeof enterPasskey>['credential']

/** The browser has the interface, and the page stands at the host that the keys belong to. */
export const passkeysWork = (host: string | null | undefined): boolean =>
  typeof PublicKeyCredential === 'function' &&
  host != null &&
  (location.hostname === host || location.hostname.endsWith(`.${host}`))

/** Null when the person or the device says no. The library comes when it is needed. */
export async function showPasskey(offered: boolean): Promise<Credential | null> {
  const library = await import('@simplewebauthn/browser')
  if (offered && !(await library.browserSupportsWebAuthnAutofill())) return null
  const asked = await call(startPasskey, {})
  if (!asked.ok) return null
  const optionsJSON = asked.value.options as unknown as PublicKeyCredentialRequestOptionsJSON
  const shown = await library.startAuthentication({ optionsJSON, useBrowserAutofill: offered }).catch(() => null)
  return shown as unknown as Credential | null
}

export async function makePasskey(options: object): Promise<Credential | null> {
  const library = await import('@simplewebauthn/browser')
  const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON
  const made = await library.startRegistration({ optionsJSON }).catch(() => null)
  return made as unknown as Credential | null
}
