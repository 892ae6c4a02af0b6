/** What a guest has proved in this tab: the id of an order and the e-mail that opens it. */
export interface Proof {
  readonly orderId: string
  readonly email: string
}

const storageKey = (number: string) => `efir.order.${number}`

export const proveOrder = (number: string, proof: Proof): void =>
  sessionStorage.setItem(storageKey(number), JSON.stringify(proof))

export function proofOf(number: string): Proof | null {
  const kept = sessionStorage.getItem(storageKey(number))
  return kept === null ? null : (JSON.parse(kept) as Proof)
}
