import { afterEach, expect, test } from 'vitest'
import type { AudioConfig, MediaSample, TrackConfig, VideoConfig } from '../sample.ts'
import { playSamples, shifted } from '../testing/clip.ts'
import type { LiveWorld } from '../testing/live-world.ts'
import { liveWorld, tags, written } from '../testing/live-world.ts'
import type { Recipe } from '../testing/synthetic.ts'
import { AAC, LARGE, OPUS, SMALL, synthetic } from '../testing/synthetic.ts'

const worlds: LiveWorld[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) {
    expect(world.failures).toEqual([])
    await world.close()
  }
})

async function live(...options: Parameters<typeof liveWorld>): Promise<LiveWorld> {
  const world = await liveWorld(...options)
  worlds.push(world)
  return world
}

function publish(world: LiveWorld, samples: readonly MediaSample[], configs: readonly TrackConfig[] = [SMALL, AAC]) {
  const sink = world.stream.attach()
  for (const config of configs) sink.configure(config)
  playSamples(samples, sink, world.clock)
  return sink
}

/** Publisher time minus media time of every real sample: one constant would be perfect. */
function offsets(world: LiveWorld, sent: readonly MediaSample[]): number[] {
  const byBytes = new Map(sent.map((sample) => [Buffer.from(sample.data).toString('latin1'), sample.ptsUs]))
  return world.segments.flatMap(written).flatMap(({ data, ptsUs }) => {
    const at = byBytes.get(data.toString('latin1'))
    return at === undefined ? [] : [at - ptsUs]
  })
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)

test('[HLS4] a segment is its parts, EXTINF is their sum, and the bytes fetched are the same either way', async () => {
  const world = await live()
  publish(world, synthetic({ seconds: 9 }))
  const playlist = await world.text('live.m3u8')
  const inf = tags(playlist, 'EXTINF').map((line) => Number.parseFloat(line))
  for (const [i, segment] of world.segments.entries()) {
    expect(segment.parts.reduce((sum, { durationUs }) => sum + durationUs, 0)).toBe(segment.durationUs)
    expect(Math.abs((inf[i] ?? 0) * 1_000_000 - segment.durationUs)).toBeLessThan(1)
    const whole = Buffer.from(await (await world.get(`s${i}.m4s`)).arrayBuffer())
    const parts = await Promise.all(
      segment.parts.map(async ({ index }) => Buffer.from(await (await world.get(`s${i}.${index}.m4s`)).arrayBuffer())),
    )
    expect(Buffer.compare(whole, Buffer.concat(parts))).toBe(0)
  }
  expect(world.segments).toHaveLength(4)
})

test.each<[string, Partial<Recipe>, VideoConfig, AudioConfig | null]>([
  ['AAC at 44.1 kHz', {}, SMALL, AAC],
  ['Opus', { audio: OPUS }, SMALL, OPUS],
  ['reordered frames', { reorder: 2 }, SMALL, AAC],
  ['timestamps beyond 2^33 microseconds', { startUs: 2 ** 33 + 12_345 }, SMALL, AAC],
  ['timestamps beyond 2^50 microseconds', { startUs: 2 ** 50 }, LARGE, OPUS],
  ['slow pictures', { fps: 7 }, SMALL, AAC],
])('[HLS9] picture and sound keep the timing of the publisher: %s', async (_, recipe, video, audio) => {
  const world = await live()
  const samples = synthetic({ seconds: 12, ...recipe, audio: recipe.audio ?? audio })
  publish(world, samples, audio === null ? [video] : [video, audio])
  world.stream.end()
  const kept = offsets(world, samples)
  expect(kept.length).toBeGreaterThan(samples.length - 5)
  expect(spread(kept)).toBeLessThan(2_000)
})

test('[HLS9] the sound of a publisher whose audio clock drifts and whose audio is late by 300 ms stays within 40 ms', async () => {
  const world = await live()
  const drifting = synthetic({ seconds: 60 }).map((sample) => {
    if (sample.track === 'video') return { sample, at: sample.dtsUs }
    const ptsUs = Math.round((sample.ptsUs * 1.0003) / 1000) * 1000
    return { sample: { ...sample, ptsUs, dtsUs: ptsUs }, at: ptsUs + 300_000 }
  })
  const samples = drifting.sort((a, b) => a.at - b.at).map(({ sample }) => sample)
  publish(world, samples)
  world.stream.end()
  const kept = offsets(world, samples)
  expect(kept.length).toBeGreaterThan(samples.length - 20)
  expect(spread(kept)).toBeLessThan(40_000)
})

test('[HLS5] decode times continue from fragment to fragment in both tracks, across every kind of break', async () => {
  const world = await live()
  const sink = publish(world, synthetic({ seconds: 5 }))
  sink.configure(LARGE)
  playSamples(synthetic({ seconds: 5, startUs: 5_000_000 }), sink, world.clock)
  sink.end()
  publish(world, synthetic({ seconds: 5, startUs: 77 }), [LARGE, AAC])
  world.stream.end()
  const all = world.segments.flatMap(written)
  for (const track of ['video', 'audio']) {
    const line = all.filter((sample) => sample.track === track)
    for (const [i, sample] of line.slice(1).entries()) {
      const gapUs = sample.dtsUs - (line[i]?.endUs ?? 0)
      expect(gapUs).toBeGreaterThan(-50)
      expect(gapUs).toBeLessThan(track === 'video' ? 50 : 25_000)
    }
  }
  for (const segment of world.segments) {
    const first = written(segment).find(({ track }) => track === 'video')
    expect(Math.abs((first?.dtsUs ?? 0) - segment.mediaUs)).toBeLessThan(20)
  }
})

test('[HLS6] segments begin with a key frame that is shown at their very start, also with reordered frames', async () => {
  const world = await live()
  publish(world, synthetic({ seconds: 9, reorder: 2 }))
  for (const segment of world.segments) {
    const pictures = written(segment).filter(({ track }) => track === 'video')
    expect(pictures[0]).toMatchObject({ key: true })
    expect(Math.abs((pictures[0]?.ptsUs ?? 0) - segment.mediaUs)).toBeLessThan(20)
    expect(Math.min(...pictures.map(({ ptsUs }) => ptsUs))).toBe(pictures[0]?.ptsUs)
    expect(pictures.some(({ ptsUs, dtsUs }) => ptsUs < dtsUs)).toBe(true)
  }
  expect(world.advice.map(({ code }) => code)).toEqual(['reordered_frames'])
})

test('[HLS7] INDEPENDENT stands on exactly the parts that hold a key frame', async () => {
  const world = await live()
  publish(world, synthetic({ seconds: 9, gopSeconds: 0.5 }))
  const lines = tags(await world.text('live.m3u8'), 'EXT-X-PART')
  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines) {
    const name = /URI="s(\d+)\.(\d+)\.m4s"/.exec(line)
    const marked = world.partMarks.find(({ sequence, part }) => `${sequence}.${part}` === `${name?.[1]}.${name?.[2]}`)
    expect(line.includes('INDEPENDENT=YES')).toBe(marked?.independent)
  }
  const [segment] = world.segments
  const keys = segment === undefined ? 0 : written(segment).filter(({ track, key }) => track === 'video' && key).length
  expect(keys).toBe(4)
  expect(world.partMarks.filter(({ sequence, independent }) => sequence === 0 && independent)).toHaveLength(4)
})

test('[HLS1] the target duration comes from the first GOPs and stays, whatever follows', async () => {
  for (const [gopSeconds, target] of [
    [0.5, '2'],
    [1, '2'],
    [2, '2'],
    [3, '3'],
    [4, '4'],
  ] as const) {
    const world = await live()
    publish(world, synthetic({ seconds: gopSeconds * 2 + 3, gopSeconds }))
    expect(tags(await world.text('live.m3u8'), 'EXT-X-TARGETDURATION')).toEqual([target])
    const sink = world.stream.attach()
    sink.configure(SMALL)
    sink.configure(AAC)
    playSamples(synthetic({ seconds: 9, gopSeconds: 8 }), sink, world.clock)
    const playlist = await world.text('live.m3u8')
    expect(tags(playlist, 'EXT-X-TARGETDURATION')).toEqual([target])
    for (const line of tags(playlist, 'EXTINF')) expect(Math.round(Number.parseFloat(line))).toBeLessThanOrEqual(Number(target))
    expect(world.advice.map(({ code }) => code)).toContain('keyframes_too_far')
  }
})

test('[HLS2] GOPs over four seconds are refused with advice before anything is published; the publisher may try again', async () => {
  const world = await live()
  publish(world, synthetic({ seconds: 6, gopSeconds: 5 }))
  expect(world.refusals).toEqual([
    { code: 'keyframes_too_far', detail: { gopMs: expect.any(Number), maxGopMs: 4000, advisedGopMs: 2000 } },
  ])
  expect(world.show.ready).toBe(false)
  publish(world, synthetic({ seconds: 6 }))
  expect(world.show.ready).toBe(true)
  expect(world.refusals).toHaveLength(1)
})

test('key frames are wished for shortly before the segment should end, from publishers that can be asked', async () => {
  const world = await live()
  const askedAt: number[] = []
  let wish = false
  const sink = world.stream.attach({
    requestKeyframe() {
      askedAt.push(world.clock.monotonic())
      wish = true
    },
  })
  sink.configure(SMALL)
  for (const sample of synthetic({ seconds: 12, gopSeconds: 100, audio: null })) {
    const key = sample.key || wish
    wish = false
    playSamples([{ ...sample, key }], sink, world.clock)
    world.clock.advance(1000 / 30)
  }
  expect(world.refusals).toEqual([])
  expect(world.segments.length).toBeGreaterThanOrEqual(5)
  for (const segment of world.segments) expect(segment).toMatchObject({ independent: true })
  for (const { durationUs } of world.segments) expect(durationUs).toBeLessThan(2_100_000)
})

test('[HLS8] a show without sound has silence, so that players with muxed buffers have something to play', async () => {
  const world = await live()
  publish(world, synthetic({ seconds: 7, audio: null }), [SMALL])
  world.stream.end()
  const sound = world.segments.flatMap(written).filter(({ track }) => track === 'audio')
  expect((sound[sound.length - 1]?.endUs ?? 0) - (sound[0]?.dtsUs ?? 0)).toBeGreaterThan(6_900_000)
  expect(await world.text('index.m3u8')).toContain('CODECS="avc1.42c014,mp4a.40.2"')
  expect(world.advice.map(({ code }) => code)).toContain('audio_missing')
})

test('[HLS8] sound that begins in mid-show takes the place of the silence at the next segment', async () => {
  const world = await live()
  const samples = synthetic({ seconds: 14, audio: OPUS })
  const sink = world.stream.attach()
  sink.configure(SMALL)
  let told = false
  for (const sample of samples) {
    if (sample.track === 'audio' && sample.dtsUs < 5_000_000) continue
    if (sample.track === 'audio' && !told) sink.configure(OPUS)
    told ||= sample.track === 'audio'
    playSamples([sample], sink, world.clock)
  }
  world.stream.end()
  const inits = [...new Set(world.segments.map(({ init }) => init.audio?.codec))]
  expect(inits).toEqual(['aac', 'opus'])
  expect(world.segments.filter(({ discontinuity }) => discontinuity)).toHaveLength(1)
  const kept = offsets(world, samples)
  expect(spread(kept)).toBeLessThan(40_000)
  expect(kept.length).toBeGreaterThan(14 * 30 + 7 * 50)
})

test('[HLS8] a hole in the sound is silent, and the sound after it is in time', async () => {
  const world = await live()
  const samples = synthetic({ seconds: 12 }).filter(
    ({ track, dtsUs }) => track === 'video' || dtsUs < 4_000_000 || dtsUs > 7_500_000,
  )
  publish(world, samples)
  world.stream.end()
  expect(spread(offsets(world, samples))).toBeLessThan(40_000)
  const sound = world.segments.flatMap(written).filter(({ track }) => track === 'audio')
  for (const [i, frame] of sound.slice(1).entries()) expect(frame.dtsUs - (sound[i]?.endUs ?? 0)).toBeLessThan(25_000)
})

test('[HLS8] a show of sound alone plays, and pictures may join later', async () => {
  const world = await live()
  const sink = publish(world, synthetic({ seconds: 9, video: false }), [AAC])
  expect(world.show.ready).toBe(true)
  expect(await world.text('index.m3u8')).toContain('CODECS="mp4a.40.2"\n')
  for (const { durationUs } of world.segments) expect(Math.round(durationUs / 1_000_000)).toBeLessThanOrEqual(2)
  sink.configure(SMALL)
  playSamples(synthetic({ seconds: 5, startUs: 9_000_000 }), sink, world.clock)
  expect(world.segments[world.segments.length - 1]?.init.video).toEqual(SMALL)
  expect(world.segments.filter(({ discontinuity }) => discontinuity)).toHaveLength(1)
})

test('a frozen picture does not stop the sound', async () => {
  const world = await live()
  const samples = synthetic({ seconds: 14 }).filter(
    ({ track, dtsUs }) => track === 'audio' || dtsUs < 4_000_000 || dtsUs >= 10_000_000,
  )
  publish(world, samples)
  world.stream.end()
  expect(world.segments.reduce((sum, { durationUs }) => sum + durationUs, 0)).toBeGreaterThan(13_900_000)
  expect(spread(offsets(world, samples))).toBeLessThan(2_000)
})

test('[HLS10] every segment has a program date-time by the publisher clock, however irregularly its bytes arrive', async () => {
  const world = await live()
  const sink = world.stream.attach()
  sink.configure(SMALL)
  sink.configure(AAC)
  const samples = synthetic({ seconds: 24 })
  // Arrives in lumps of 700 ms.
  for (let i = 0; i * 700_000 < 24_000_000; i += 1) {
    for (const sample of samples) if (Math.floor(sample.dtsUs / 700_000) === i) sink.sample(sample)
    world.clock.advance(700)
  }
  const times = tags(await world.text('live.m3u8'), 'EXT-X-PROGRAM-DATE-TIME').map((text) => Date.parse(text))
  expect(times.length).toBeGreaterThan(9)
  for (const [i, at] of times.slice(1).entries()) expect(Math.abs(at - (times[i] ?? 0) - 2000)).toBeLessThan(10)
  for (const mark of world.partMarks) expect(mark.programAt).toBeGreaterThan(1_699_999_999_000)
})

test('[HLS11] other parameter sets begin a discontinuity with a map of their own; the same bytes again do not', async () => {
  const world = await live()
  const sink = publish(world, synthetic({ seconds: 5 }))
  sink.configure({ ...SMALL, sps: SMALL.sps.map((nal) => Uint8Array.from(nal)) })
  playSamples(synthetic({ seconds: 5, startUs: 5_000_000 }), sink, world.clock)
  sink.configure(LARGE)
  playSamples(synthetic({ seconds: 5, startUs: 10_000_000 }), sink, world.clock)
  const playlist = await world.text('live.m3u8')
  expect(tags(playlist, 'EXT-X-DISCONTINUITY')).toHaveLength(1)
  const maps = tags(playlist, 'EXT-X-MAP').map((line) => /URI="([^"]+)"/.exec(line)?.[1] ?? '')
  expect(maps).toHaveLength(2)
  expect(playlist).toContain(`#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="${maps[1]}"\n#EXT-X-PROGRAM-DATE-TIME`)
  const broken = world.segments.find(({ discontinuity }) => discontinuity)
  expect(broken?.init.video).toEqual(LARGE)
  expect(broken === undefined ? [] : written(broken)[0]).toMatchObject({ key: true })
})

test('[HLS12] a publisher that comes back continues the numbers, the media timeline and the program time', async () => {
  const world = await live()
  const sink = publish(world, synthetic({ seconds: 5 }))
  sink.end()
  world.clock.advance(8000)
  publish(world, synthetic({ seconds: 5, startUs: 99 }))
  const segments = world.segments
  const back = segments.find(({ discontinuity }) => discontinuity)
  expect(back?.sequence).toBe(3)
  for (const [i, segment] of segments.slice(1).entries()) {
    const before = segments[i]
    if (before === undefined) continue
    expect(segment.sequence).toBe(before.sequence + 1)
    expect(segment.mediaUs).toBe(before.mediaUs + before.durationUs)
    const gapMs = segment.programAt - before.programAt - before.durationUs / 1000
    expect(gapMs).toBeGreaterThan(segment.discontinuity ? 7000 : -10)
    expect(gapMs).toBeLessThan(segment.discontinuity ? 9100 : 10)
  }
  expect(world.segmentMarks.map(({ discontinuity }) => discontinuity)).toEqual(segments.map(({ discontinuity }) => discontinuity))
})

test('[HLS19] the end is marked, the hint goes, and a show of one second still has its segment', async () => {
  const world = await live()
  publish(world, synthetic({ seconds: 1 }))
  expect(world.show.ready).toBe(false)
  world.stream.end()
  const playlist = await world.text('live.m3u8')
  expect(playlist.endsWith('#EXT-X-ENDLIST\n')).toBe(true)
  expect(playlist).not.toContain('PRELOAD-HINT')
  expect(tags(playlist, 'EXTINF').map((line) => Number.parseFloat(line).toFixed(3))).toEqual(['1.000'])
})

test('[HLS20] the multivariant playlist says codecs, size, frame rate and no less than the true bandwidth', async () => {
  const world = await live()
  publish(world, synthetic({ seconds: 9, fps: 25, audio: OPUS, bytes: 5000 }), [LARGE, OPUS])
  const index = await world.text('index.m3u8')
  expect(index).toContain('CODECS="avc1.42c015,opus",RESOLUTION=480x270,FRAME-RATE=25.000\nlive.m3u8\n')
  const peak = Math.max(...world.segments.map(({ bytes, durationUs }) => (bytes * 8_000_000) / durationUs))
  expect(Number(/[:,]BANDWIDTH=(\d+)/.exec(index)?.[1])).toBeGreaterThanOrEqual(peak)
})

test('two publishers with the same clock that were never away look like one', async () => {
  const world = await live()
  const samples = synthetic({ seconds: 4 })
  const first = publish(world, samples)
  first.discontinuity()
  playSamples(shifted(samples, 1), first, world.clock)
  world.stream.end()
  expect(world.segments.map(({ discontinuity }) => discontinuity)).toEqual([false, false, true, false])
})

test('[HLS11] parameter sets that change while the first GOPs are measured, even on a second try, find their segments', async () => {
  const world = await live()
  const first = world.stream.attach()
  first.configure(SMALL)
  playSamples(synthetic({ seconds: 1 }), first, world.clock)
  first.discontinuity()
  playSamples(synthetic({ seconds: 1, startUs: 7_000_000 }), first, world.clock)
  first.configure(LARGE)
  playSamples(synthetic({ seconds: 5, startUs: 8_000_000 }), first, world.clock)
  world.stream.end()
  expect(world.segments.map(({ init }) => init.video?.width)).toEqual([320, 480, 480, 480])
  expect(world.segments.map(({ discontinuity }) => discontinuity)).toEqual([false, true, false, false])
})
