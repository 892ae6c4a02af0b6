/** Only our own pages: an address of somebody else's is no place to send a person who has just signed in. */
export const safeReturn = (to: string | null): string => (to && /^\/(?![/\\])/.test(to) && !to.includes('\\') ? to : '/')
