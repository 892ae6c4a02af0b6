import { expect, test } from 'vitest'
import { barcodeFits, sheetProblem, slugOf } from './rules.ts'

const label = { en: 'x' }

test('a sheet is refused at its first wrong fact', () => {
  expect(sheetProblem([{ key: 'weight', type: 'quantity', value: 38, unit: 'g', label }])).toBeNull()
  expect(sheetProblem([{ key: 'weight', type: 'quantity', value: 38, label }])).toEqual({ key: 'weight', why: 'unit' })
  expect(sheetProblem([{ key: 'nfc', type: 'boolean', value: 'yes', label }])).toEqual({ key: 'nfc', why: 'boolean' })
  expect(sheetProblem([{ key: 'size', type: 'range', value: [9, 3], unit: 'cm', label }])).toEqual({ key: 'size', why: 'order' })
  expect(
    sheetProblem([
      { key: 'nfc', type: 'boolean', value: true, label },
      { key: 'nfc', type: 'boolean', value: true, label },
    ]),
  ).toEqual({ key: 'nfc', why: 'twice' })
})

test('barcodes have their check digit', () => {
  expect(barcodeFits('4006381333931')).toBe(true)
  expect(barcodeFits('4006381333932')).toBe(false)
  expect(barcodeFits('73513537')).toBe(true)
})

test('addresses are Latin whatever the language of the title', () => {
  expect(slugOf('Умные часы Orvik Pulse 3', 'x')).toBe('umnye-chasy-orvik-pulse-3')
  expect(slugOf('Robe midi Solène', 'x')).toBe('robe-midi-solene')
  expect(slugOf('智能手表', 'prd-1')).toBe('prd-1')
})
