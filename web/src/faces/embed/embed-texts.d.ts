declare module 'virtual:embed-texts' {
  /** Compiled messages of each language, in the order of `keys.ts`. */
  const messages: Readonly<Record<import('@efir/contract/scalars.ts').Locale, readonly (string | readonly unknown[])[]>>
  export default messages
}
