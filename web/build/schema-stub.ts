/**
 * Stands for `typebox` in the browser. Acts are described with schemas that only the server evaluates; here every
 * constructor returns the same empty object. Type checking still uses the real package.
 */
const empty = Object.freeze({})
export const Type: Record<string, (...given: readonly unknown[]) => object> = new Proxy({}, { get: () => () => empty })
