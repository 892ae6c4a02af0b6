import { expect, test } from 'vitest'
import { shortened } from './facts.ts'
import { dataBlock, html } from './html.ts'

const hostile = `</script><script>alert(1)</script><img src=x onerror='a"b'>&amp;`

test('whatever stands in a name stays text: in content, in attributes, in data', () => {
  const page = html`<p title="${hostile}">${hostile}</p><script type="application/json">${dataBlock({ name: hostile })}</script>`
    .text
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page.match(/<\/script>/g)).toHaveLength(1)
  expect(page).not.toMatch(/<img/)
  const block = /json">(.*)<\/script>/.exec(page)?.[1] ?? ''
  expect(JSON.parse(block)).toEqual({ name: hostile })
})

test('data may hold the ends of comments and of lines, and stays the same data', () => {
  for (const text of ['<!--', '-->', ']]>', '<![CDATA[', 'a\u2028b\u2029c', '\u202e', '\ud83d\ude00', '"\\'])
    expect(JSON.parse(dataBlock({ text }).text)).toEqual({ text })
  expect(dataBlock('<!-- \u2028').text).not.toMatch(/[<\u2028]/)
})

test('markup goes in as it is, lists are joined, nothing is written for nothing', () => {
  const items = ['a', '<b>'].map((one) => html`<li>${one}</li>`)
  expect(html`<ul>${items}</ul>${null}${false}${undefined}${0}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0')
})

test('a description is one line, cut at a word', () => {
  expect(shortened('  two\n words ')).toBe('two words')
  expect(shortened(`${'long '.repeat(50)}`, 20)).toBe('long long long…')
  expect(shortened('😀'.repeat(30), 11)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
})
