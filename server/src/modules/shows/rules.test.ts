import { expect, test } from 'vitest'
import { isZone, maySee, nextState, type ShowState, showSteps, weeksLater } from './rules.ts'

const states: ShowState[] = ['draft', 'scheduled', 'live', 'paused', 'cut', 'ended', 'replay', 'archived', 'cancelled']

test('nothing leaves archived or cancelled, and nothing returns on air after the end', () => {
  for (const act of Object.keys(showSteps) as (keyof typeof showSteps)[]) {
    expect(nextState('archived', act)).toBeNull()
    expect(nextState('cancelled', act)).toBeNull()
    expect(['live', 'paused', 'cut']).not.toContain(nextState('ended', act))
    expect(['live', 'paused', 'cut']).not.toContain(nextState('replay', act))
  }
})

test('a show on air can always be ended', () => {
  for (const state of ['live', 'paused', 'cut'] as const) expect(nextState(state, 'end')).toBe('ended')
  for (const state of states.filter((s) => !['live', 'paused', 'cut'].includes(s))) expect(nextState(state, 'end')).toBeNull()
})

test('a weekly show keeps its wall-clock time over the change to winter time', () => {
  const start = Date.parse('2026-10-20T19:00:00+02:00')
  expect(weeksLater(start, 'Europe/Paris', 1)).toBe(Date.parse('2026-10-27T19:00:00+01:00'))
  expect(weeksLater(start, 'Asia/Shanghai', 1)).toBe(start + 7 * 86_400_000)
})

test('team shows and drafts are for their team', () => {
  const nobody = { operator: false, roles: new Set<string>() }
  expect(maySee({ visibility: 'team', state: 'live' }, nobody)).toBe(false)
  expect(maySee({ visibility: 'public', state: 'draft' }, nobody)).toBe(false)
  expect(maySee({ visibility: 'unlisted', state: 'live' }, nobody)).toBe(true)
  expect(maySee({ visibility: 'team', state: 'live' }, { operator: false, roles: new Set(['show:moderator']) })).toBe(true)
})

test('zones are checked by name', () => {
  expect([isZone('Europe/Kyiv'), isZone('Mars/Base')]).toEqual([true, false])
})
