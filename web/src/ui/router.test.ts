import { expect, test } from 'vitest'
import { matchPath } from './router.tsx'

test('parts with a name are taken out, decoded', () => {
  expect(matchPath('/shows/:showId', '/shows/shw_1')).toEqual({ showId: 'shw_1' })
  expect(matchPath('/p/:slug', '/p/%D1%87%D0%B0%D1%81%D1%8B')).toEqual({ slug: 'часы' })
})

test('a path fits whole or not at all; slashes at the end do not matter', () => {
  expect(matchPath('/shows', '/shows/')).toEqual({})
  expect(matchPath('/shows', '/shows/1')).toBeNull()
  expect(matchPath('/shows/:showId', '/shows')).toBeNull()
  expect(matchPath('/', '/')).toEqual({})
})

test('a star takes the rest', () => {
  expect(matchPath('/office/*', '/office/orders/7')).toEqual({ rest: 'orders/7' })
})

test('an address that cannot be decoded fits nothing', () => {
  expect(matchPath('/p/:slug', '/p/%E0%A4%A')).toBeNull()
})
