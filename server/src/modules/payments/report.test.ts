import { majorToMoney } from '@efir/contract/money.ts'
import { expect, test } from 'vitest'
import { csvRows, readReport } from './report.ts'

const head = 'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,payment_intent_id'

test('quoted fields hold commas, quotes and line breaks', () => {
  expect(csvRows('a,"b,""c""\nd",e\r\n1,,3\n')).toEqual([
    ['a', 'b,"c"\nd', 'e'],
    ['1', '', '3'],
  ])
})

test('amounts are in major units of their currency, with its own decimals', () => {
  const read = readReport(
    `${head}\ntxn_1,2026-11-20 18:00:00,eur,12.50,0.44,12.06,charge,ch_1,pi_1\ntxn_2,2026-11-20 18:00:01,jpy,-300,0,-300,refund,re_1,pi_2\n`,
  )
  expect(read).toMatchObject({
    ok: true,
    lines: [
      {
        gross: { amount: 1250, currency: 'EUR' },
        fee: { amount: 44 },
        kind: 'charge',
        paymentRef: 'pi_1',
        at: Date.UTC(2026, 10, 20, 18),
      },
      { gross: { amount: -300, currency: 'JPY' } },
    ],
  })
  expect(majorToMoney('1.005', 'EUR')).toBeNull()
  expect(majorToMoney('1.500', 'EUR')).toEqual({ amount: 150, currency: 'EUR' })
  expect(majorToMoney('-0.00', 'EUR')).toEqual({ amount: 0, currency: 'EUR' })
  for (const text of ['', '1,50', '1e3', ' 1', '0x10', 'NaN']) expect(majorToMoney(text, 'EUR'), text).toBeNull()
})

test('a file of something else is refused with the line that is wrong', () => {
  expect(readReport('')).toMatchObject({ ok: false, line: 1 })
  expect(readReport('name,price\nx,1\n')).toMatchObject({ ok: false, line: 1 })
  expect(readReport(`${head}\ntxn_1,yesterday,eur,1,0,1,charge,ch_1,pi_1\n`)).toMatchObject({ ok: false, line: 2 })
  expect(readReport(`${head}\ntxn_1,2026-11-20 18:00:00,euro,1,0,1,charge,ch_1,pi_1\n`)).toMatchObject({ ok: false, line: 2 })
})
