import { expect, test } from 'vitest'
import { csvText } from './csv.ts'

const columns = [
  { head: 'Who', text: (row: { who: string }) => row.who },
  { head: 'Sum', text: (row: { sum?: number }) => row.sum },
]

test('commas, quotes and line ends are quoted; nothing is an empty cell', () => {
  expect(csvText(columns as never, [{ who: 'Sons, "Ltd"\nParis', sum: 12.5 }, { who: 'Олена' }] as never)).toBe(
    '\ufeffWho,Sum\r\n"Sons, ""Ltd""\nParis",12.5\r\nОлена,\r\n',
  )
})

test('a cell is never a formula, a number stays one', () => {
  expect(csvText(columns as never, [{ who: '=cmd()', sum: -3 }, { who: '@x' }, { who: '+7 900' }] as never)).toBe(
    "\ufeffWho,Sum\r\n'=cmd(),-3\r\n'@x,\r\n'+7 900,\r\n",
  )
})
