import { me } from '@efir/contract/identity.ts'
import { Wifi, WifiOff } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../../net/api.ts'
import { useOnline } from '../../../net/online.ts'
import { Button } from '../../../ui/Button.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'

interface Measured {
  readonly rttMs: number
  readonly spreadMs: number
  readonly lost: number
}
const probes = 6

/** The way to the server as it is now: what an upload test says is over when the show begins, so that is measured on air. */
async function measure(): Promise<Measured> {
  const times: number[] = []
  for (let n = 0; n < probes; n++) {
    const from = performance.now()
    const answer = await call(me, {})
    if (answer.ok) times.push(performance.now() - from)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return {
    rttMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    spreadMs: Math.round((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)),
    lost: probes - times.length,
  }
}

export function UplinkCheck() {
  const words = useWords('studio')
  const formats = useFormats()
  const online = useOnline()
  const [result, setResult] = useState<Measured | 'busy' | null>(null)
  const run = async () => {
    setResult('busy')
    setResult(await measure())
  }
  const done = result !== null && result !== 'busy' ? result : null
  const good = done !== null && done.lost === 0 && done.rttMs < 250 && done.spreadMs < 300
  return (
    <div className="uplink" role="status">
      {online ? <Wifi size={20} aria-hidden /> : <WifiOff size={20} aria-hidden />}
      <span>
        {!online ? words('common.offline') : null}
        {online && !done ? words('studio.network_text') : null}
        {online && done ? words(good ? 'studio.network_good' : 'studio.network_weak', { ms: formats.number(done.rttMs) }) : null}
      </span>
      <Button size="s" busy={result === 'busy'} disabled={!online} onPress={() => void run()}>
        {words('studio.network_check')}
      </Button>
    </div>
  )
}
