import { Pool, type PoolConfig } from 'pg'

/**
 * Connections that may die at any time. An idle one that breaks is replaced by the next query; in the middle of a transaction it is
 * the statements that fail. Without a listener on both, the event itself would end the process.
 */
export function openPool(config: PoolConfig, onLost: (problem: Error) => void = () => undefined): Pool {
  const pool = new Pool(config)
  pool.on('error', onLost)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
