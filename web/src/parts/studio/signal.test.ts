import { expect, test } from 'vitest'
import { problemOf, videoWish } from './camera.ts'
import { h264Only, resourceOf } from './sdp.ts'
import { barsOf, ratesOf, type SignalFacts } from './signal.ts'

const facts = (given: Partial<SignalFacts> = {}): SignalFacts => ({
  kbps: 2_500,
  fps: 30,
  width: 720,
  height: 1280,
  wantedHeight: 720,
  lossRatio: 0,
  rttMs: 40,
  limitedBy: 'none',
  ...given,
})

test.each([
  [4, facts()],
  [3, facts({ limitedBy: 'bandwidth' })],
  [3, facts({ lossRatio: 0.02 })],
  [3, facts({ rttMs: 400 })],
  [2, facts({ width: 480, height: 854 })],
  [2, facts({ lossRatio: 0.06 })],
  [2, facts({ fps: 13 })],
  [4, facts({ fps: 15 })],
  [1, facts({ lossRatio: 0.2 })],
  [1, facts({ fps: 5 })],
  [0, facts({ fps: 0 })],
  [0, facts({ kbps: 0 })],
  [0, null],
] as const)('%i bars', (bars, given) => {
  expect(barsOf(given)).toBe(bars)
})

test('rates come from two readings, and a counter that began anew is no negative rate', () => {
  expect(ratesOf(null, { atMs: 1_000, bytes: 5, frames: 1 })).toEqual({ kbps: 0, fps: 0 })
  expect(ratesOf({ atMs: 1_000, bytes: 1_000, frames: 10 }, { atMs: 3_000, bytes: 251_000, frames: 70 })).toEqual({
    kbps: 1_000,
    fps: 30,
  })
  expect(ratesOf({ atMs: 1_000, bytes: 9_000, frames: 90 }, { atMs: 2_000, bytes: 1_000, frames: 9 })).toEqual({
    kbps: 0,
    fps: 0,
  })
})

test('only H264 in whole packets is offered, baseline first, with its retransmission', () => {
  const codecs = [
    { mimeType: 'video/VP8' },
    { mimeType: 'video/rtx' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42e01f' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=640c1f' },
    { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
  ]
  expect(h264Only(codecs).map((codec) => codec.sdpFmtpLine ?? codec.mimeType)).toEqual([
    'packetization-mode=1;profile-level-id=42e01f',
    'packetization-mode=1;profile-level-id=640c1f',
    'video/rtx',
  ])
  expect(h264Only([{ mimeType: 'video/VP8' }, { mimeType: 'video/rtx' }])).toEqual([])
})

test('the place of a broadcast stays on the origin that was asked', () => {
  expect(resourceOf('https://a.example/media/whip/s', '/media/whip/s/1')).toBe('https://a.example/media/whip/s/1')
  expect(resourceOf('https://a.example/media/whip/s', 's/1')).toBe('https://a.example/media/whip/s/1')
  expect(resourceOf('https://a.example/media/whip/s', 'https://b.example/1')).toBeNull()
  expect(resourceOf('https://a.example/media/whip/s', null)).toBeNull()
})

test('errors of a camera are told apart by what one can do about them', () => {
  expect(['NotAllowedError', 'NotFoundError', 'NotReadableError', 'SomethingNew'].map(problemOf)).toEqual([
    'denied',
    'missing',
    'in_use',
    'failed',
  ])
})

test('a chosen camera is asked for by name, else by the side it looks to', () => {
  const wish = { videoId: null, audioId: null, facing: 'environment', lines: 720, portrait: true } as const
  expect(videoWish(wish)).toMatchObject({ facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } })
  expect(videoWish({ ...wish, videoId: 'x' })).toMatchObject({ deviceId: { exact: 'x' } })
})
