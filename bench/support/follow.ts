import { type ChildProcess, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'

export type Target = { readonly port: number; readonly host: string } | { readonly socketPath: string }

/** Viewers that follow live as hls.js does: a blocking reload, then the part it names; late means more than a part behind. */
export async function follow(
  target: Target,
  shows: readonly string[],
  viewers: number,
  forMs: number,
): Promise<{ late: number; parts: number; wrong: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: viewers * 2 })
  const ask = (path: string) =>
    new Promise<string | null>((resolve) => {
      request({ ...target, path, agent }, (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => resolve(res.statusCode === 200 ? Buffer.concat(chunks).toString('latin1') : null))
      })
        .on('error', () => resolve(null))
        .end()
    })
  const end = performance.now() + forMs
  let late = 0
  let parts = 0
  let wrong = 0
  const viewer = async (show: string) => {
    let query = ''
    let known = ''
    while (performance.now() < end) {
      const list = await ask(`${show}/live.m3u8${query}`)
      const hint = /PRELOAD-HINT:TYPE=PART,URI="s(\d+)\.(\d+)\.m4s"/.exec(list ?? '')
      const last = [...(list ?? '').matchAll(/EXT-X-PART:DURATION=[\d.]+,URI="([^"]+)"/g)].at(-1)?.[1] ?? ''
      if (list === null || hint === null) {
        wrong += 1
        await new Promise((resolve) => setTimeout(resolve, 200))
        continue
      }
      const [, sequence, part] = hint
      if (last !== known && last !== '') {
        if (known !== '' && skipped(known, last)) late += 1
        known = last
        parts += 1
        if ((await ask(`${show}/${last}`)) === null) wrong += 1
      }
      query = `?_HLS_msn=${sequence}&_HLS_part=${part}`
    }
  }
  await Promise.all(Array.from({ length: viewers }, (_, i) => viewer(shows[i % shows.length] ?? '')))
  agent.destroy()
  return { late, parts, wrong }
}

/** A part was left out between the two: this viewer is behind. */
function skipped(before: string, after: string): boolean {
  const [a, b] = [before, after].map((name) => name.split('.').map((field) => Number.parseInt(field.replace('s', ''), 10)))
  if (!a || !b) return false
  return a[0] === b[0] ? (b[1] ?? 0) - (a[1] ?? 0) > 1 : (b[1] ?? 0) > 0 || (b[0] ?? 0) - (a[0] ?? 0) > 1
}

/** Of processes and their children, from /proc: user and system time in ticks of 10 ms. */
export async function cpuOf(children: readonly ChildProcess[]): Promise<number> {
  let ticks = 0
  for (const { pid } of children) {
    const all = spawnSync('pgrep', ['-P', `${pid}`])
      .stdout.toString()
      .split('\n')
      .filter(Boolean)
    for (const one of [`${pid}`, ...all]) {
      const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      ticks += Number(fields[11]) + Number(fields[12])
    }
  }
  return ticks / 100
}
