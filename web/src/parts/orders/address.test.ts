import { expect, test } from 'vitest'
import { addressLine, addressOf, type Field, fieldsFor, problemsOf } from './address.ts'

const french: readonly Field[] = [
  { name: 'name', required: true },
  { name: 'phone', required: true },
  { name: 'line1', required: true },
  { name: 'line2', required: false },
  { name: 'city', required: true },
  { name: 'postcode', required: true, pattern: '^[0-9]{5}$', example: '75011' },
]
const good = { name: 'Anouk', phone: '+33 6 12 34 56 78', line1: '4 rue Oberkampf', city: 'Paris', postcode: '75011' }

test('every needed field that is empty or blank is told', () => {
  expect(problemsOf(french, { name: ' ' })).toEqual({
    name: 'missing',
    phone: 'missing',
    line1: 'missing',
    city: 'missing',
    postcode: 'missing',
  })
})

test('a good address has no problems, with or without what is optional', () => {
  expect(problemsOf(french, good)).toEqual({})
  expect(problemsOf(french, { ...good, line2: 'bât. B' })).toEqual({})
})

test('patterns are the country’s own', () => {
  expect(problemsOf(french, { ...good, postcode: '7501' })).toEqual({ postcode: 'pattern' })
  expect(problemsOf(french, { ...good, phone: 'call me' })).toEqual({ phone: 'phone' })
})

test('a pickup point takes the place of the street', () => {
  const names = fieldsFor(french, 'pickup').map((field) => field.name)
  expect(names).toEqual(['name', 'phone', 'city', 'pickup'])
  expect(problemsOf(fieldsFor(french, 'pickup'), { name: 'A', phone: '+33612345678', city: 'Paris' })).toEqual({
    pickup: 'missing',
  })
  expect(fieldsFor(french, 'courier').map((field) => field.name)).not.toContain('pickup')
})

test('what the country does not ask for is not sent', () => {
  expect(addressOf('FR', french, { ...good, region: 'IDF', line2: '  ' })).toEqual({ country: 'FR', ...good })
})

test('the line for people leaves no empty places', () => {
  expect(addressLine(good, 'France')).toBe('4 rue Oberkampf, 75011 Paris, France')
})
