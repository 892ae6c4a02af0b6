import { openNode, type Rush, rush } from './hot-lot-buyers.ts'

/** A second node with a desk of its own. */
const [url = '', folder = ''] = process.argv.slice(2)
await using stack = new AsyncDisposableStack()
const { kernel, desk } = await openNode(stack, { url, folder })
process.on('message', async (order: Rush) => process.send?.(await rush(kernel, desk, order)))
process.send?.('ready')
await new Promise((resolve) => process.once('disconnect', resolve as () => void))
