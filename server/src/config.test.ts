import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { missingForProduction, readConfig } from './config.ts'
import { configReference } from './config-reference.ts'
import { envExample } from './env-example.ts'

const examplePath = join(import.meta.dirname, '../../.env.example')
const referencePath = join(import.meta.dirname, '../../docs/operating/configuration.md')

test('nothing needs to be set', () => {
  expect(readConfig({}, [])).toMatchObject({
    PORT: 3000,
    EFIR_MODE: 'demo',
    production: false,
    flags: { empty: false, lan: false },
  })
})

test('a wrong setting is named, an unknown option is refused', () => {
  expect(() => readConfig({ PORT: 'many' }, [])).toThrow(/PORT/)
  expect(() => readConfig({ EFIR_SECRET: 'short' }, [])).toThrow(/EFIR_SECRET/)
  expect(() => readConfig({}, ['--fast'])).toThrow(/Unknown option --fast/)
  expect(() => readConfig({}, ['--parts=web,oven'])).toThrow(/Unknown part oven/)
})

test('production names what it lacks: a secret, a mail server, its address', () => {
  const bare = readConfig({ EFIR_MODE: 'production' }, [])
  expect(missingForProduction(bare).map((m) => m.split(':')[0])).toEqual(['EFIR_SECRET', 'SMTP_URL', 'EFIR_ORIGIN'])
  const whole = readConfig(
    { EFIR_MODE: 'production', EFIR_SECRET: 'x'.repeat(32), SMTP_URL: 'smtp://localhost', EFIR_ORIGIN: 'https://live.example' },
    [],
  )
  expect(missingForProduction(whole)).toEqual([])
})

test('.env.example is the schema', () => {
  if (process.env['UPDATE']) writeFileSync(examplePath, envExample())
  expect(readFileSync(examplePath, 'utf8')).toBe(envExample())
})

test('the reference of settings is the schema', () => {
  if (process.env['UPDATE']) writeFileSync(referencePath, configReference())
  expect(readFileSync(referencePath, 'utf8')).toBe(configReference())
})
