import { expect, test } from 'vitest'
import { nextState, type PlayerEvent, type PlayerState } from './state.ts'

const run = (...events: PlayerEvent[]): PlayerState => events.reduce(nextState, 'connecting' as PlayerState)

test('a picture that moves is playing, from every state but none', () => {
  expect(run('moved')).toBe('playing')
  expect(run('moved', 'stuck', 'moved')).toBe('playing')
  expect(run('refused', 'moved')).toBe('playing')
})

test('a lost network stalls only what has run dry: buffered pictures go on', () => {
  expect(run('moved', 'offline')).toBe('playing')
  expect(run('moved', 'stuck', 'offline')).toBe('offline')
  expect(run('offline', 'online')).toBe('connecting')
})

test('a viewer who paused is not told of stalls, and comes back through connecting', () => {
  expect(run('moved', 'paused', 'stuck')).toBe('paused')
  expect(run('moved', 'paused', 'resumed')).toBe('connecting')
})

test('giving up has a way out, and an ended show stays ended', () => {
  expect(run('gave_up')).toBe('failed')
  expect(run('gave_up', 'restarted')).toBe('connecting')
  expect(run('moved', 'ended', 'stuck', 'offline')).toBe('ended')
})
