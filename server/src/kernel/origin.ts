import type { Config } from '../config.ts'

/** The public address of the platform, as letters, links and other sites name it. */
export const originOf = (config: Pick<Config, 'EFIR_ORIGIN' | 'PORT'>): string =>
  (config.EFIR_ORIGIN ?? `http://localhost:${config.PORT}`).replace(/\/+$/, '')
