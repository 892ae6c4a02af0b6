import { expect, test } from 'vitest'
import { livePlaylist, multivariantPlaylist, seconds, vodPlaylist } from './write.ts'

test('times keep their microseconds and at least milliseconds', () => {
  expect([0, 1, 2_000_000, 333_333, 1_500_000, 21_354_100].map(seconds)).toEqual([
    '0.000',
    '0.000001',
    '2.000',
    '0.333333',
    '1.500',
    '21.3541',
  ])
})

const segment = { durationUs: 2_000_000, programAt: 1_700_000_000_123, discontinuity: false, parts: [] }

test('a live playlist, line by line', () => {
  const parts = [
    { durationUs: 300_000, uri: 's8.0.m4s', independent: true },
    { durationUs: 290_000, uri: 's8.1.m4s', independent: false },
  ]
  const text = livePlaylist({
    targetDurationS: 2,
    partTargetUs: 312_000,
    partHoldBackUs: 1_000_000,
    mediaSequence: 7,
    discontinuitySequence: 3,
    canSkipUntilS: 12,
    skipped: 0,
    segments: [
      { ...segment, uri: 's7.m4s', mapUri: 'init-a.mp4' },
      { ...segment, discontinuity: true, mapUri: 'init-b.mp4', parts },
    ],
    hintUri: 's8.2.m4s',
    ended: false,
  })
  expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.0,PART-HOLD-BACK=1.000,HOLD-BACK=6.0
#EXT-X-PART-INF:PART-TARGET=0.312
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-MAP:URI="init-a.mp4"
#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.123Z
#EXTINF:2.000,
s7.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init-b.mp4"
#EXT-X-PROGRAM-DATE-TIME:2023-11-14T22:13:20.123Z
#EXT-X-PART:DURATION=0.300,URI="s8.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.290,URI="s8.1.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="s8.2.m4s"
`)
})

test('a replay names what is missing as a gap and always ends', () => {
  const text = vodPlaylist({
    targetDurationS: 2,
    independent: true,
    segments: [
      { ...segment, uri: '1.m4s', mapUri: 'init-a.mp4' },
      { ...segment, uri: '2.m4s', gap: true },
    ],
  })
  expect(text).toContain('#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="init-a.mp4"\n')
  expect(text.endsWith('#EXT-X-GAP\n#EXTINF:2.000,\n2.m4s\n#EXT-X-ENDLIST\n')).toBe(true)
})

test('a variant of sound alone has neither resolution nor frame rate', () => {
  const text = multivariantPlaylist([
    { uri: 'live.m3u8', bandwidth: 9, averageBandwidth: 8, codecs: ['mp4a.40.2'], size: null, framesPerSecond: null },
  ])
  expect(text).toBe(
    '#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-STREAM-INF:BANDWIDTH=9,AVERAGE-BANDWIDTH=8,CODECS="mp4a.40.2"\nlive.m3u8\n',
  )
})
