import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps secrets of others at rest: authenticated, bound to the place they belong to, and readable after the key has changed. */
export interface Sealer {
  /** `place` is authenticated too: a sealed text moved to another row does not open. */
  seal(text: string, place: string): string
  open(sealed: string, place: string): string
  /** Sealed with a key that is no longer the current one. */
  isOld(sealed: string): boolean
}

interface Key {
  readonly id: string
  readonly bytes: Buffer
}

/** HKDF (RFC 5869) with SHA-256; the key's id is public and says nothing about it. */
function keyOf(secret: string): Key {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', 'efir.seal.1', 32))
  return { id: createHash('sha256').update('efir.seal.id').update(bytes).digest('hex').slice(0, 8), bytes }
}

const ivBytes = 12
const tagBytes = 16

/** `s1.<key id>.<base64url of iv, ciphertext, tag>`: AES-256-GCM (NIST SP 800-38D). The first secret seals, all of them open. */
export function openSealer(secrets: readonly [string, ...string[]]): Sealer {
  const keys = secrets.map(keyOf)
  const current = keys[0] as Key
  const aad = (keyId: string, place: string) => Buffer.from(`s1.${keyId}.${place}`)
  return {
    seal(text, place) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', current.bytes, iv).setAAD(aad(current.id, place))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `s1.${current.id}.${Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url')}`
    },
    open(sealed, place) {
      const [form, keyId = '', text = ''] = sealed.split('.')
      if (form !== 's1') throw new Error('a sealed secret has an unknown form')
      const key = keys.find((k) => k.id === keyId)
      if (!key)
        throw new Error(`a secret was sealed with another EFIR_SECRET (key ${keyId}): name that one in EFIR_SECRETS_BEFORE`)
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.length < ivBytes + tagBytes) throw new Error('a sealed secret is torn')
      const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
      decipher.setAAD(aad(keyId, place)).setAuthTag(bytes.subarray(-tagBytes))
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8')
    },
    isOld: (sealed) => sealed.split('.')[1] !== current.id,
  }
}
