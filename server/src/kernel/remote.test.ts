import { expect, test } from 'vitest'
import { networkOf, openTrust, remoteOf } from './remote.ts'

const from = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as never

const local = openTrust(undefined, true)

test('a forwarded address counts only from a proxy on this machine, and only if proxies are trusted', () => {
  expect(remoteOf(from('203.0.113.9', '198.51.100.1'), local)).toBe('203.0.113.9')
  expect(remoteOf(from('127.0.0.1', '198.51.100.1'), openTrust(undefined, false))).toBe('127.0.0.1')
  expect(remoteOf(from('127.0.0.1', '198.51.100.1'), local)).toBe('198.51.100.1')
  expect(remoteOf(from('::ffff:127.0.0.1', '1.2.3.4, 198.51.100.1, 127.0.0.1'), local)).toBe('198.51.100.1')
  expect(remoteOf(from('::1', ' , '), local)).toBe('::1')
})

test('named proxies are believed, also whole networks of them, and nobody else', () => {
  const named = openTrust('10.0.0.0/8, 192.0.2.7, fd00::/8', true)
  expect(remoteOf(from('10.1.2.3', '198.51.100.1, 10.9.9.9'), named)).toBe('198.51.100.1')
  expect(remoteOf(from('::ffff:192.0.2.7', '198.51.100.1'), named)).toBe('198.51.100.1')
  expect(remoteOf(from('fd00::1', '2001:db8::1'), named)).toBe('2001:db8::1')
  expect(remoteOf(from('127.0.0.1', '198.51.100.1'), named)).toBe('127.0.0.1')
  expect(remoteOf(from('192.0.2.8', '198.51.100.1'), named)).toBe('192.0.2.8')
  expect(() => openTrust('proxy.example', true)).toThrow('is no address')
})

test('an IPv6 network counts as one, an IPv4 address by itself', () => {
  expect(networkOf('198.51.100.1')).toBe('198.51.100.1')
  expect(networkOf('::ffff:198.51.100.1')).toBe('198.51.100.1')
  expect(networkOf('2001:db8:7:1:aaaa::1')).toBe('2001:db8:7:1')
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0')
  expect(networkOf('2001:db8:0:0:1::')).toBe('2001:db8:0:0')
})
