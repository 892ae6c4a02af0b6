import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toolPath } from '../../../../scripts/needs.ts'
import { makeClip } from '../../testing/clip.ts'
import { AAC, OPUS, SMALL } from '../../testing/synthetic.ts'
import { fragment } from './fragment.ts'
import { initSegment, VIDEO_TRACK } from './init.ts'
import { findBox, readBoxes, readFragments, readMedia, readTracks } from './read.ts'

function outline(bytes: Uint8Array, depth = 0): string[] {
  const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'dinf', 'mvex', 'moof', 'traf'])
  return (readBoxes(bytes) ?? []).flatMap(({ type, body }) => [
    `${'  '.repeat(depth)}${type} ${body.length + 8}`,
    ...(containers.has(type) ? outline(body, depth + 1) : []),
  ])
}

test('an init segment of H.264 and AAC has exactly these boxes', () => {
  const init = initSegment({ video: SMALL, audio: AAC })
  expect(outline(init)).toEqual(
    `ftyp 28
moov 1061
  mvhd 108
  trak 461
    tkhd 92
    mdia 361
      mdhd 32
      hdlr 33
      minf 288
        vmhd 20
        dinf 36
          dref 28
        stbl 224
          stsd 148
          stts 16
          stsc 16
          stsz 20
          stco 16
  trak 412
    tkhd 92
    mdia 312
      mdhd 32
      hdlr 33
      minf 239
        smhd 16
        dinf 36
          dref 28
        stbl 179
          stsd 103
          stts 16
          stsc 16
          stsz 20
          stco 16
  mvex 72
    trex 32
    trex 32`.split('\n'),
  )
})

test('codec descriptions come back as they went in', () => {
  const tracks = readTracks(initSegment({ video: SMALL, audio: AAC }))
  expect(tracks.map(({ timescale }) => timescale)).toEqual([90_000, 44_100])
  expect(tracks[0]?.config).toMatchObject({ codecString: 'avc1.42c014', width: 320, height: 180 })
  expect(Buffer.from(tracks[1]?.config.track === 'audio' ? tracks[1].config.description : []).toString('hex')).toBe('1210')
  const opus = readTracks(initSegment({ video: null, audio: OPUS }))[0]
  expect(opus).toMatchObject({
    timescale: 48_000,
    config: { codec: 'opus', channels: 2, description: Buffer.from(OPUS.description) },
  })
})

test('the AAC description is a nested MPEG-4 descriptor with four-byte lengths', () => {
  const init = initSegment({ video: null, audio: AAC })
  const stsd = findBox(init, 'moov/trak/mdia/minf/stbl/stsd')?.body.toString('hex') ?? ''
  expect(stsd).toContain(
    `65736473${'00000000'}0380808022${'000000'}0480808014${'4015000000'}${'00000000'.repeat(2)}0580808002${'1210'}068080800102`,
  )
})

test('high profiles carry chroma format and bit depths behind the parameter sets', () => {
  const sps = Buffer.from('6764000dacd94141fb011000000300100000030320f14299600000', 'hex').subarray(0, 23)
  const record = findBox(
    initSegment({ video: { ...SMALL, sps: [sps] }, audio: null }).subarray(28 + 8 + 108),
    'trak/mdia/minf/stbl/stsd',
  )?.body.toString('hex')
  expect(record?.endsWith('fdf8f800')).toBe(true)
})

test('[HLS5] decode times are 64 bit, offsets signed, flags right, data found from the moof', () => {
  const baseTime = 2 ** 40 + 7
  const samples = [
    { duration: 3000, compositionOffset: 0, key: true, data: Buffer.from('first') },
    { duration: 3003, compositionOffset: 6000, key: false, data: Buffer.from('second') },
    { duration: 2997, compositionOffset: -3000, key: false, data: Buffer.from('third') },
  ]
  const audio = [{ duration: 1024, compositionOffset: 0, key: true, data: Buffer.from('sound') }]
  const bytes = fragment(9, [
    { trackId: 1, kind: 'video', baseTime, samples },
    { trackId: 2, kind: 'audio', baseTime: 5, samples: audio },
  ])
  expect(outline(bytes)).toEqual([
    'moof 212',
    '  mfhd 16',
    '  traf 112',
    '    tfhd 16',
    '    tfdt 20',
    '    trun 68',
    '  traf 76',
    '    tfhd 20',
    '    tfdt 20',
    '    trun 28',
    'mdat 29',
  ])
  const [video, sound] = readFragments(bytes)
  expect(video).toMatchObject({ trackId: 1, sequence: 9, baseTime })
  expect(video?.samples.map(({ compositionOffset }) => compositionOffset)).toEqual([0, 6000, -3000])
  expect(video?.samples.map(({ flags }) => flags)).toEqual([0x02000000, 0x01010000, 0x01010000])
  expect(video?.samples.map(({ data }) => data.toString())).toEqual(['first', 'second', 'third'])
  expect(sound?.samples).toMatchObject([{ time: 5, duration: 1024, flags: 0x02000000, data: Buffer.from('sound') }])
  expect(findBox(bytes, 'moof/traf/tfhd')?.body.readUInt32BE(0)).toBe(0x020000)
  expect(findBox(bytes, 'moof/traf/trun')?.body[0]).toBe(1)
})

test('any fragment reads back as it was written', () => {
  const sample = fc.record({
    duration: fc.integer({ min: 1, max: 1 << 30 }),
    compositionOffset: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    key: fc.boolean(),
    data: fc.uint8Array({ minLength: 1, maxLength: 50 }),
  })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 50 }), fc.array(sample, { maxLength: 8 }), (baseTime, samples) => {
      const [read] = readFragments(fragment(1, [{ trackId: VIDEO_TRACK, kind: 'video', baseTime, samples }]))
      expect(read?.baseTime).toBe(baseTime)
      const times = samples.map((_, i) => samples.slice(0, i).reduce((sum, { duration }) => sum + duration, baseTime))
      const back = read?.samples.map(({ time, duration, compositionOffset, key, data }) => ({
        time,
        duration,
        compositionOffset,
        key,
        data: [...data],
      }))
      expect(back).toEqual(samples.map((one, i) => ({ ...one, time: times[i], data: [...one.data] })))
    }),
  )
})

test('boxes that do not fit into their parent are refused', () => {
  expect(readBoxes(Buffer.from('00000010667265', 'hex'))).toBeUndefined()
  expect(readBoxes(Buffer.from('0000001066726565', 'hex'))).toBeUndefined()
  expect(readBoxes(Buffer.from('0000000466726565', 'hex'))).toBeUndefined()
  expect(readTracks(Buffer.from('not a file at all'))).toEqual([])
})

test.skipIf(!toolPath('ffmpeg') || !toolPath('ffprobe'))(
  'what ffmpeg wrote is read, written again, and read by ffprobe without a word',
  () => {
    const clip = makeClip({ seconds: 2, bframes: 2, audio: 'opus' })
    expect(clip.configs.map(({ codec }) => codec)).toEqual(['h264', 'opus'])
    const [video, audio] = clip.configs
    if (video?.track !== 'video' || audio?.track !== 'audio') throw new Error('one track of each kind')
    const frames = clip.samples.filter(({ track }) => track === 'video')
    const samples = frames.map(({ dtsUs, ptsUs, key, data }) => ({
      duration: 3000,
      compositionOffset: Math.round((ptsUs - dtsUs) * 0.09),
      key,
      data,
    }))
    const bytes = Buffer.concat([
      initSegment({ video, audio: null }),
      fragment(1, [{ trackId: VIDEO_TRACK, kind: 'video', baseTime: 0, samples }]),
    ])
    expect(readMedia(bytes).samples).toHaveLength(60)
    const folder = mkdtempSync(join(tmpdir(), 'efir-fmp4-'))
    try {
      writeFileSync(join(folder, 'a.mp4'), bytes)
      const said = execFileSync(
        'ffprobe',
        ['-v', 'warning', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', join(folder, 'a.mp4')],
        { encoding: 'utf8', stdio: 'pipe' },
      )
      expect(said.trim()).toBe('60')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
