import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sizeOf, trimLog } from './log-file.ts'

const dirs: string[] = []
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true })
})

function longLog(): string {
  const dir = mkdtempSync(join(tmpdir(), 'efir-log-'))
  dirs.push(dir)
  const file = join(dir, 'x.log')
  writeFileSync(file, Buffer.alloc(9 * 1024 * 1024, 'x'))
  return file
}

test('a long log becomes the old one', () => {
  const file = longLog()
  trimLog(file)
  expect([sizeOf(file), sizeOf(`${file}.1`)]).toEqual([0, 9 * 1024 * 1024])
})

test('a log that cannot be copied is cut all the same', () => {
  const file = longLog()
  mkdirSync(`${file}.1`)
  trimLog(file)
  expect([sizeOf(file), existsSync(`${file}.1`)]).toEqual([0, false])
})
