/**
 * Tells people from programs where a lot asks for it. The built-in one is a puzzle of work; an outside service is one more
 * implementation: `kind` tells the page which script to use, `solved` asks the service.
 */
export interface Challenge {
  readonly kind: string
  /** Of a puzzle: how many leading bits are zero. */
  readonly bits?: number
  /** Must answer within a second; what it throws counts as not solved. */
  solved(given: {
    readonly lotId: string
    /** The instant of the opening, epoch ms: an answer is good for one. */
    readonly opensAt: number
    readonly personId: string
    readonly proof: string
  }): Promise<boolean>
}
