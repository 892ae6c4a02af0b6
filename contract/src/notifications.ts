import { Type } from 'typebox'
import { act, Done, Nothing, Obj } from './act.ts'
import { LocaleSchema, Millis } from './scalars.ts'

const Mark = Type.String({
  pattern: '^[0-9a-f]{64}$',
  examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  description: 'SHA-256 of the endpoint in hexadecimal: names a browser without giving it away',
})
const topics = {
  shows: Type.Boolean({ description: 'a show that I set a reminder for, or of a host whom I follow, is on air' }),
  orders: Type.Boolean({ description: 'an order of mine is paid, on its way, delivered, cancelled or paid back' }),
}

export const pushKey = act({
  name: 'pushKey',
  method: 'GET',
  path: '/push/key',
  who: ['public'],
  summary: 'The public key (RFC 8292) that a browser needs to subscribe.',
  input: Nothing,
  output: Obj({ publicKey: Type.String({ description: 'uncompressed P-256 point, base64url' }) }),
})
export const myPush = act({
  name: 'myPush',
  method: 'GET',
  path: '/me/push',
  who: ['known'],
  summary: 'Browsers of mine that are told, and of what.',
  input: Nothing,
  output: Obj({ devices: Type.Array(Obj({ mark: Mark, ...topics, since: Millis })) }),
})
export const setPush = act({
  name: 'setPush',
  method: 'PUT',
  path: '/me/push',
  who: ['known'],
  summary: 'Tell this browser, or tell it of other things. The ten newest of a person are kept.',
  input: Obj({
    endpoint: Type.String({ minLength: 10, maxLength: 1000, description: 'address that the push service of the browser gave' }),
    p256dh: Type.String({
      pattern: '^[A-Za-z0-9_-]{86,88}=?$',
      examples: ['BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'],
      description: 'public key of the browser (RFC 8291), base64url',
    }),
    auth: Type.String({
      pattern: '^[A-Za-z0-9_-]{22,24}(==)?$',
      examples: ['BTBZMqHH6r4Tts7J_aSIgg'],
      description: 'its secret, base64url',
    }),
    locale: LocaleSchema,
    ...topics,
  }),
  output: Done,
  refusals: ['push_address_refused'],
})
export const forgetPush = act({
  name: 'forgetPush',
  method: 'DELETE',
  path: '/me/push/:mark',
  who: ['known'],
  summary: 'This browser is told nothing any more.',
  input: Obj({ mark: Mark }),
  output: Done,
})

export const acts = [pushKey, myPush, setPush, forgetPush]
