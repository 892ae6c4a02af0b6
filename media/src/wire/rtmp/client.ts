import type { AmfValue } from './amf0.ts'
import { decodeAmf, encodeAmf } from './amf0.ts'
import { ChunkReader } from './chunk-reader.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { beginHandshake, PART } from './handshake.ts'
import type { RtmpMessage } from './message.ts'
import { RtmpError, TYPE, USER_CONTROL } from './message.ts'

export interface RtmpClientOutput {
  write(bytes: Buffer): void
  ready(): void
}

const OUT_CHUNK_BYTES = 65_536

/** The publisher's side as a machine without sockets. push() throws RtmpError when the server refuses. */
export class RtmpClient {
  private hello: Buffer | undefined = Buffer.alloc(0)
  private readonly reader = new ChunkReader((message) => this.message(message))
  private readonly writer = new ChunkWriter()
  private readonly output: RtmpClientOutput
  private readonly target: { app: string; tcUrl: string; streamKey: string }

  constructor(output: RtmpClientOutput, target: { app: string; tcUrl: string; streamKey: string }) {
    this.output = output
    this.target = target
  }

  begin(random: Buffer): void {
    this.output.write(beginHandshake(random))
  }

  push(bytes: Buffer): void {
    if (this.hello === undefined) {
      this.reader.push(bytes)
      return
    }
    this.hello = Buffer.concat([this.hello, bytes])
    if (this.hello.length < 1 + 2 * PART) return
    const s1 = this.hello.subarray(1, 1 + PART)
    const rest = this.hello.subarray(1 + 2 * PART)
    this.hello = undefined
    this.output.write(s1)
    this.connect()
    if (rest.length > 0) this.reader.push(rest)
  }

  media(kind: 'audio' | 'video', timestamp: number, payload: Uint8Array): void {
    const audio = kind === 'audio'
    this.output.write(
      this.writer.write(audio ? 4 : 6, {
        type: audio ? TYPE.audio : TYPE.video,
        streamId: 1,
        timestamp: timestamp >>> 0,
        payload,
      }),
    )
  }

  unpublish(): void {
    this.command('FCUnpublish', 6, null, this.target.streamKey)
    this.command('deleteStream', 7, null, 1)
  }

  private connect(): void {
    const size = Buffer.alloc(4)
    size.writeUInt32BE(OUT_CHUNK_BYTES)
    this.output.write(this.writer.write(2, { type: TYPE.setChunkSize, streamId: 0, timestamp: 0, payload: size }))
    this.writer.chunkSize = OUT_CHUNK_BYTES
    this.command('connect', 1, {
      app: this.target.app,
      type: 'nonprivate',
      flashVer: 'FMLE/3.0 (compatible; Efir)',
      tcUrl: this.target.tcUrl,
    })
  }

  private message(message: RtmpMessage): void {
    if (message.type === TYPE.userControl && message.payload[1] === USER_CONTROL.pingRequest) {
      const payload = Buffer.concat([Buffer.of(0, USER_CONTROL.pingResponse), message.payload.subarray(2, 6)])
      this.output.write(this.writer.write(2, { type: TYPE.userControl, streamId: 0, timestamp: 0, payload }))
      return
    }
    if (message.type !== TYPE.commandAmf0) return
    const [name, id, , info] = decodeAmf(message.payload)
    if (name === '_error') throw new RtmpError(`server refused: ${describe(info)}`)
    if (name === '_result' && id === 1) {
      this.command('releaseStream', 2, null, this.target.streamKey)
      this.command('FCPublish', 3, null, this.target.streamKey)
      this.command('createStream', 4, null)
    } else if (name === '_result' && id === 4) {
      this.command('publish', 5, null, this.target.streamKey, 'live')
    } else if (name === 'onStatus') {
      if (field(info, 'level') === 'error') throw new RtmpError(`server refused: ${describe(info)}`)
      if (field(info, 'code') === 'NetStream.Publish.Start') this.output.ready()
    }
  }

  private command(name: string, id: number, ...values: AmfValue[]): void {
    const streamId = name === 'publish' ? 1 : 0
    this.output.write(
      this.writer.write(3, { type: TYPE.commandAmf0, streamId, timestamp: 0, payload: encodeAmf(name, id, ...values) }),
    )
  }
}

function field(info: AmfValue, key: string): string {
  if (typeof info !== 'object' || info === null || Array.isArray(info) || info instanceof Date) return ''
  const value = info[key]
  return typeof value === 'string' ? value : ''
}

const describe = (info: AmfValue): string => `${field(info, 'code')} ${field(info, 'description')}`.trim()
