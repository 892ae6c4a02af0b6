import { expect, test } from 'vitest'
import { networkOf, remoteOf } from './remote.ts'

const from = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as never

test('a forwarded address counts only from a proxy on this machine, and only if proxies are trusted', () => {
  expect(remoteOf(from('203.0.113.9', '198.51.100.1'), true)).toBe('203.0.113.9')
  expect(remoteOf(from('127.0.0.1', '198.51.100.1'), false)).toBe('127.0.0.1')
  expect(remoteOf(from('127.0.0.1', '198.51.100.1'), true)).toBe('198.51.100.1')
  expect(remoteOf(from('::ffff:127.0.0.1', '1.2.3.4, 198.51.100.1, 127.0.0.1'), true)).toBe('198.51.100.1')
  expect(remoteOf(from('::1', ' , '), true)).toBe('::1')
})

test('an IPv6 network counts as one, an IPv4 address by itself', () => {
  expect(networkOf('198.51.100.1')).toBe('198.51.100.1')
  expect(networkOf('::ffff:198.51.100.1')).toBe('198.51.100.1')
  expect(networkOf('2001:db8:7:1:aaaa::1')).toBe('2001:db8:7:1')
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0')
  expect(networkOf('2001:db8:0:0:1::')).toBe('2001:db8:0:0')
})
