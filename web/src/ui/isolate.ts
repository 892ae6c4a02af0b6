/** A name inside a sentence keeps its own direction and lends it to nobody (UAX 9: first strong isolate). */
export const isolate = (text: string): string => `\u2068${text}\u2069`
