import { describe } from 'vitest'
import { busContract } from './bus.contract.ts'
import { openLocalBus } from './bus.ts'

describe('the bus of one process', () => {
  busContract(async () => {
    const bus = openLocalBus()
    return { here: bus, there: bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() }
  })
})
