import { setInterval } from 'node:timers'
import { openEmbeddedPostgres } from '../../server/src/kernel/embedded-postgres/open.ts'
import { openLog } from '../../server/src/kernel/log.ts'

/** A server that is nothing but its database: says where it is, then lives until it is told to end. */
const [dataDir = '', settings = '{}'] = process.argv.slice(2)
const database = await openEmbeddedPostgres({
  dataDir,
  log: openLog('silent'),
  settings: JSON.parse(settings) as Record<string, string>,
  onDown: () => console.log('down'),
  onUp: () => console.log('up'),
})
console.log(JSON.stringify({ url: database.url, pid: database.pid(), adopted: database.adopted }))
const alive = setInterval(() => undefined, 60_000)
process.once('SIGINT', async () => {
  await database[Symbol.asyncDispose]()
  clearInterval(alive)
})
