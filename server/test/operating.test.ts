import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'docs/operating')
const pages = ['', 'runbooks'].flatMap((below) =>
  readdirSync(join(folder, below))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, below, name)),
)
const runbooks = pages.filter((page) => page.includes('/runbooks/'))
const text = (page: string): string => readFileSync(page, 'utf8')
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts

test('links between the pages hold', () => {
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .filter(([, target = '']) => !existsSync(join(dirname(page), target)))
      .map(([, target]) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})

test('every runbook says the signs, what they mean, first aid in commands, and how to prove that it is over', () => {
  expect(runbooks.length).toBeGreaterThanOrEqual(10)
  for (const page of runbooks) {
    expect(
      [...text(page).matchAll(/^## (.+)$/gm)].map((m) => m[1]),
      page,
    ).toEqual(['Signs', 'What it means', 'First aid', 'How to prove it is over'])
    expect(text(page), page).toMatch(/```sh\n/)
    expect(text(page).split('\n').length, page).toBeLessThan(60)
  }
})

test('commands of ours that the pages name exist', () => {
  const named = pages.flatMap((page) => [...text(page).matchAll(/npm run ([a-z:]+)/g)].map((m) => m[1] as string))
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
  const files = pages.flatMap((page) =>
    [...text(page).matchAll(/`((?:ops|server|docs|scripts)\/[\w./-]+)`/g)].map((m) => m[1] as string),
  )
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

test('tables and functions that the pages ask PostgreSQL for are made by the migrations', () => {
  const made = readdirSync(join(root, 'server/migrations'))
    .map((name) => readFileSync(join(root, 'server/migrations', name), 'utf8'))
    .join('\n')
  const schemas = [...made.matchAll(/^create schema (\w+)/gm)].map((m) => m[1]).concat('kernel')
  const asked = runbooks.flatMap((page) =>
    [...text(page).matchAll(new RegExp(`\\b(?:from|update|into) ((?:${schemas.join('|')})\\.\\w+)`, 'g'))].map(
      (m) => m[1] as string,
    ),
  )
  expect(asked.length).toBeGreaterThan(3)
  expect(asked.filter((name) => !made.includes(`create table ${name} `))).toEqual([])
})
