import { createHmac } from 'node:crypto'
import { orderNumberLetters } from '@efir/contract/orders/shapes.ts'

const base = orderNumberLetters.length
const bodyLength = 7

/** Weighted sum modulo the prime 29: any one wrong letter and any two swapped letters change it. */
function checkLetter(body: string): string {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum += (i + 1) * orderNumberLetters.indexOf(body[i] as string)
  return orderNumberLetters[sum % base] as string
}

/** Cannot be guessed from the id or from other numbers. `attempt` gives another when one is taken. */
export function orderNumber(secret: string, orderId: string, attempt: number): string {
  const digest = createHmac('sha256', secret).update(`efir.order-number.1:${orderId}:${attempt}`).digest()
  let value = digest.readBigUInt64BE(0)
  let body = ''
  for (let i = 0; i < bodyLength; i++) {
    body += orderNumberLetters[Number(value % BigInt(base))]
    value /= BigInt(base)
  }
  return dashed(body + checkLetter(body))
}

const dashed = (letters: string): string => `${letters.slice(0, 4)}-${letters.slice(4)}`

/** As it is stored, from what somebody typed; null when it cannot be a number. */
export function readNumber(typed: string): string | null {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '')
  if (letters.length !== bodyLength + 1 || [...letters].some((l) => !orderNumberLetters.includes(l))) return null
  return checkLetter(letters.slice(0, bodyLength)) === letters[bodyLength] ? dashed(letters) : null
}
