/** The ustar format of POSIX.1-2017, pax, "ustar Interchange Format": what any `tar` reads. Regular files only. */

const block = 512
const endOfArchive = Buffer.alloc(2 * block)

export function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(block)
  const { prefix, rest } = split(name)
  header.write(rest, 0, 100)
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.write(prefix, 345, 155)
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

export const tarPadding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block)
export const tarEnd = (): Buffer => endOfArchive

/** Up to 100 bytes of name, and up to 155 of folders before them. */
function split(name: string): { prefix: string; rest: string } {
  if (Buffer.byteLength(name) <= 100) return { prefix: '', rest: name }
  const cut = name.indexOf('/', name.length - 101)
  const prefix = name.slice(0, cut)
  if (cut < 0 || Buffer.byteLength(prefix) > 155) throw new Error(`a name is too long for the archive: ${name}`)
  return { prefix, rest: name.slice(cut + 1) }
}

function sumOf(header: Buffer): number {
  let sum = 0
  for (const byte of header) sum += byte
  return sum
}

export interface TarEntry {
  readonly name: string
  readonly size: number
  /** To be read before the next entry is asked for; what is left of it is skipped. */
  readonly body: AsyncGenerator<Buffer>
}

export async function wholeOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const bytes = openBytes(source)
  for (;;) {
    const header = await bytes.exactly(block)
    if (header.every((byte) => byte === 0)) return
    const { name, size } = readHeader(header)
    const body = bytes.run(size)
    yield { name, size, body }
    // The body is at most read to its end already: then nothing comes any more.
    for await (const rest of body) void rest
    await bytes.exactly(tarPadding(size).length)
  }
}

function readHeader(header: Buffer): { name: string; size: number } {
  const text = (from: number, length: number) => header.toString('utf8', from, from + length).split('\0')[0] ?? ''
  const said = Number.parseInt(text(148, 8), 8)
  const blank = Buffer.from(header)
  blank.fill(' ', 148, 156)
  if (text(257, 5) !== 'ustar' || said !== sumOf(blank)) throw new Error('this is no backup, or it is damaged')
  const prefix = text(345, 155)
  return { name: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`, size: Number.parseInt(text(124, 12), 8) }
}

function openBytes(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  async function more(): Promise<void> {
    const next = await chunks.next()
    if (next.done) throw new Error('the backup ends in the middle')
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value])
  }
  return {
    async exactly(size: number): Promise<Buffer> {
      while (held.length < size) await more()
      const taken = held.subarray(0, size)
      held = held.subarray(size)
      return taken
    },
    async *run(size: number): AsyncGenerator<Buffer> {
      let left = size
      while (left > 0) {
        if (held.length === 0) await more()
        const taken = held.subarray(0, left)
        held = held.subarray(taken.length)
        left -= taken.length
        yield taken
      }
    },
  }
}
