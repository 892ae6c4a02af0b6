import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()
const url64 = (data: Uint8Array): string => Buffer.from(data).toString('base64url')

/** Enough of CBOR (RFC 8949) for attestation objects and COSE keys. */
function cbor(value: unknown): Buffer {
  const head = (major: number, n: number): Buffer =>
    n < 24
      ? Buffer.from([(major << 5) | n])
      : n < 256
        ? Buffer.from([(major << 5) | 24, n])
        : Buffer.from([(major << 5) | 25, n >> 8, n & 255])
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map) return Buffer.concat([head(5, value.size), ...[...value].flatMap(([k, v]) => [cbor(k), cbor(v)])])
  throw new Error('cbor: a kind of value that this test does not need')
}

export interface Claim {
  readonly origin?: string
  readonly rpId?: string
  readonly counter?: number
  readonly challenge?: string
  /** User present and verified, backup eligible and backed up unless told otherwise. */
  readonly flags?: number
}

interface Options {
  readonly challenge: string
  readonly rp?: { readonly id: string }
  readonly rpId?: string
  readonly user?: { readonly id: string }
}

/** A passkey in software (ES256), which can also be made to lie. */
export class Authenticator {
  private readonly id = randomBytes(16)
  private readonly privateKey: KeyObject
  private readonly cose: Buffer
  private user = ''

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = privateKey
    const jwk = publicKey.export({ format: 'jwk' })
    const part = (name: 'x' | 'y') => Buffer.from(jwk[name] as string, 'base64url')
    this.cose = cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, part('x')],
        [-3, part('y')],
      ]),
    )
  }

  make(options: Options, claim: Claim = {}) {
    this.user = options.user?.id ?? ''
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, this.cose])
    const data = this.data(claim.rpId ?? options.rp?.id ?? '', claim, 0x40, attested)
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', data],
    ])
    return this.credential({
      clientDataJSON: this.client('webauthn.create', options, claim),
      attestationObject: url64(cbor(attestation)),
      transports: ['internal'],
    })
  }

  show(options: Options, claim: Claim = {}) {
    const clientDataJSON = this.client('webauthn.get', options, claim)
    const data = this.data(claim.rpId ?? options.rpId ?? '', claim, 0, Buffer.alloc(0))
    const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))])
    return this.credential({
      clientDataJSON,
      authenticatorData: url64(data),
      signature: url64(sign('sha256', signed, this.privateKey)),
      userHandle: this.user,
    })
  }

  private credential(response: Record<string, unknown>) {
    return { id: url64(this.id), rawId: url64(this.id), type: 'public-key', clientExtensionResults: {}, response }
  }

  private client(type: string, options: Options, claim: Claim): string {
    const { origin = 'http://localhost:3000', challenge = options.challenge } = claim
    return url64(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })))
  }

  private data(rpId: string, claim: Claim, more: number, attested: Buffer): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(claim.counter ?? 0)
    return Buffer.concat([sha256(rpId), Buffer.from([(claim.flags ?? 0x1d) | more]), counter, attested])
  }
}
