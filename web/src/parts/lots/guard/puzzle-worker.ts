import { type Puzzle, solve } from './solve.ts'

/** Beside the page, so that nothing on it stops while the puzzle is worked at. */
const most = 20_000_000

self.onmessage = ({ data }: MessageEvent<Puzzle>) => {
  self.postMessage({ puzzle: data, proof: solve(data, most) })
}
