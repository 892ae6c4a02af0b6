import type { AmfValue } from './amf0.ts'
import { AmfError, decodeAmf, encodeAmf } from './amf0.ts'
import { ChunkReader } from './chunk-reader.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { answerHandshake, PART, VERSION } from './handshake.ts'
import type { RtmpMessage } from './message.ts'
import { RTMP_LIMITS, RtmpError, TYPE, USER_CONTROL } from './message.ts'

export interface PublishRequest {
  /** Publish name without its query; falls back to the last part of the application. */
  readonly streamKey: string
  readonly app: string
  readonly encoder: string
}

export interface RtmpServerOutput {
  write(bytes: Buffer): void
  /** Asked once; answer with accept() or refuse(). No media is passed on before accept(). */
  publish(request: PublishRequest): void
  media(kind: 'audio' | 'video', timestamp: number, payload: Uint8Array): void
  metadata(values: readonly AmfValue[]): void
  unpublish(): void
  roundTrip(ms: number): void
}

type State = 'hello' | 'hello-again' | 'commands' | 'asked' | 'publishing' | 'over'

const CONTROL_CHUNKS = 2
const COMMAND_CHUNKS = 3
const WINDOW_BYTES = 2_500_000
const STREAM_ID = 1
const MAX_COMMANDS_BEFORE_PUBLISH = 64

/** The server's side of one RTMP connection as a machine without sockets. push() throws RtmpError on misuse. */
export class RtmpServer {
  private state: State = 'hello'
  private hello = Buffer.alloc(0)
  private app = ''
  private encoder = ''
  private commands = 0
  private receivedBytes = 0
  private acknowledgedBytes = 0
  private windowBytes = WINDOW_BYTES
  private pingSentAt: number | undefined
  private readonly reader = new ChunkReader((message) => this.message(message))
  private readonly writer = new ChunkWriter()
  private readonly output: RtmpServerOutput
  private readonly random: Buffer
  private readonly now: () => number

  constructor(output: RtmpServerOutput, random: Buffer, now: () => number) {
    this.output = output
    this.random = random
    this.now = now
  }

  push(bytes: Buffer): void {
    if (this.state === 'over') return
    this.receivedBytes += bytes.length
    const rest = this.state === 'hello' || this.state === 'hello-again' ? this.shakeHands(bytes) : bytes
    if (rest.length > 0) this.reader.push(rest)
    this.acknowledge()
  }

  accept(): void {
    if (this.state !== 'asked') return
    this.state = 'publishing'
    this.reader.maxMessageBytes = RTMP_LIMITS.maxMessageBytes
    this.control(TYPE.userControl, Buffer.from([0, USER_CONTROL.streamBegin, 0, 0, 0, STREAM_ID]))
    this.status('status', 'NetStream.Publish.Start', 'on air')
  }

  /** Says why and takes nothing more; the owner closes the socket. */
  refuse(reason: string): void {
    if (this.state === 'over') return
    this.status('error', this.state === 'publishing' ? 'NetStream.Publish.Failed' : 'NetStream.Publish.BadName', reason)
    this.state = 'over'
  }

  /** The answer comes through roundTrip(). */
  ping(): void {
    if (this.state !== 'publishing') return
    this.pingSentAt = this.now()
    const body = Buffer.alloc(6)
    body.writeUInt16BE(USER_CONTROL.pingRequest, 0)
    this.control(TYPE.userControl, body)
  }

  private shakeHands(bytes: Buffer): Buffer {
    this.hello = Buffer.concat([this.hello, bytes])
    if (this.state === 'hello') {
      if (this.hello.length > 0 && this.hello[0] !== VERSION) throw new RtmpError('not RTMP')
      if (this.hello.length < 1 + PART) return Buffer.alloc(0)
      this.output.write(answerHandshake(this.hello, this.random))
      this.hello = this.hello.subarray(1 + PART)
      this.state = 'hello-again'
    }
    if (this.hello.length < PART) return Buffer.alloc(0)
    const rest = this.hello.subarray(PART)
    this.hello = Buffer.alloc(0)
    this.state = 'commands'
    return rest
  }

  private message(message: RtmpMessage): void {
    switch (message.type) {
      case TYPE.audio:
        if (this.state === 'publishing') this.output.media('audio', message.timestamp, message.payload)
        break
      case TYPE.video:
        if (this.state === 'publishing') this.output.media('video', message.timestamp, message.payload)
        break
      case TYPE.commandAmf0:
        this.command(message.payload)
        break
      case TYPE.commandAmf3:
        this.command(message.payload.subarray(1))
        break
      case TYPE.dataAmf0:
      case TYPE.dataAmf3:
        if (this.state === 'publishing') this.data(message.type === TYPE.dataAmf3 ? message.payload.subarray(1) : message.payload)
        break
      case TYPE.windowSize:
        this.windowBytes = Math.max(65_536, new DataView(padded(message.payload).buffer).getUint32(0))
        break
      case TYPE.userControl:
        this.userControl(message.payload)
        break
      case TYPE.aggregate:
        throw new RtmpError('aggregate messages are not accepted')
      default:
    }
  }

  private userControl(payload: Uint8Array): void {
    if (payload.length < 6) return
    const kind = (payload[0] ?? 0) * 256 + (payload[1] ?? 0)
    if (kind === USER_CONTROL.pingRequest) {
      this.control(TYPE.userControl, Buffer.concat([Buffer.of(0, USER_CONTROL.pingResponse), payload.subarray(2, 6)]))
    } else if (kind === USER_CONTROL.pingResponse && this.pingSentAt !== undefined) {
      this.output.roundTrip(this.now() - this.pingSentAt)
      this.pingSentAt = undefined
    }
  }

  private command(payload: Uint8Array): void {
    this.commands += 1
    if (this.commands > MAX_COMMANDS_BEFORE_PUBLISH && this.state !== 'publishing') throw new RtmpError('too many commands')
    const [name, transaction, object, ...rest] = decode(payload)
    const id = typeof transaction === 'number' ? transaction : 0
    switch (name) {
      case 'connect':
        this.connect(id, object)
        return
      case 'createStream':
        this.reply('_result', id, null, STREAM_ID)
        return
      case 'releaseStream':
      case 'FCPublish':
        this.reply('_result', id, null, undefined)
        return
      case 'publish':
        this.publish(rest[0], rest[1])
        return
      case 'FCUnpublish':
      case 'closeStream':
      case 'deleteStream':
        this.unpublish()
        return
      case 'play':
        this.status('error', 'NetStream.Play.Failed', 'there is nothing to play here')
        throw new RtmpError('play is not offered')
      default:
        // _checkbw and its like: nobody waits for the answer.
        if (id > 0) this.reply('_error', id, null, { level: 'error', code: 'NetConnection.Call.Failed', description: 'unknown' })
    }
  }

  private connect(id: number, object: AmfValue): void {
    if (this.state !== 'commands') return
    const fields =
      typeof object === 'object' && object !== null && !Array.isArray(object) && !(object instanceof Date) ? object : {}
    this.app = typeof fields.app === 'string' ? fields.app.slice(0, 512) : ''
    this.encoder = typeof fields.flashVer === 'string' ? fields.flashVer.slice(0, 80) : ''
    const window = Buffer.alloc(4)
    window.writeUInt32BE(WINDOW_BYTES)
    this.control(TYPE.windowSize, window)
    this.control(TYPE.peerBandwidth, Buffer.concat([window, Buffer.of(2)]))
    const server = { fmsVer: 'FMS/3,5,7,7009', capabilities: 31 }
    const ok = { level: 'status', code: 'NetConnection.Connect.Success', description: 'Connection succeeded.', objectEncoding: 0 }
    this.reply('_result', id, server, ok)
  }

  private publish(name: AmfValue, kind: AmfValue): void {
    if (this.state !== 'commands') return
    if (kind !== undefined && kind !== 'live') throw new RtmpError('only live publishing')
    const path = this.app.split('?')[0] ?? ''
    const parts = path.split('/').filter((part) => part !== '')
    const given = typeof name === 'string' ? (name.split('?')[0] ?? '') : ''
    const streamKey = given !== '' ? given : parts.length > 1 ? (parts[parts.length - 1] ?? '') : ''
    if (streamKey === '' || streamKey.length > 512) throw new RtmpError('no stream key')
    this.state = 'asked'
    this.output.publish({ streamKey, app: parts[0] ?? '', encoder: this.encoder })
  }

  private unpublish(): void {
    if (this.state !== 'publishing') return
    this.state = 'over'
    this.output.unpublish()
  }

  private data(payload: Uint8Array): void {
    this.output.metadata(decode(payload))
  }

  private acknowledge(): void {
    // Section 5.4.3, but twice per window: some encoders stop when they wait for the very last byte.
    if (this.state === 'hello' || this.receivedBytes - this.acknowledgedBytes < this.windowBytes / 2) return
    this.acknowledgedBytes = this.receivedBytes
    const body = Buffer.alloc(4)
    body.writeUInt32BE(this.receivedBytes % 2 ** 32)
    this.control(TYPE.acknowledgement, body)
  }

  private control(type: number, payload: Buffer): void {
    this.output.write(this.writer.write(CONTROL_CHUNKS, { type, streamId: 0, timestamp: 0, payload }))
  }

  private reply(name: string, id: number, ...values: AmfValue[]): void {
    this.send(0, encodeAmf(name, id, ...values))
  }

  private status(level: string, code: string, description: string): void {
    this.send(STREAM_ID, encodeAmf('onStatus', 0, null, { level, code, description }))
  }

  private send(streamId: number, payload: Buffer): void {
    this.output.write(this.writer.write(COMMAND_CHUNKS, { type: TYPE.commandAmf0, streamId, timestamp: 0, payload }))
  }
}

function decode(payload: Uint8Array): AmfValue[] {
  try {
    return decodeAmf(payload)
  } catch (error) {
    if (error instanceof AmfError) throw new RtmpError(`AMF: ${error.message}`)
    throw error
  }
}

function padded(payload: Uint8Array): Uint8Array {
  const four = new Uint8Array(4)
  four.set(payload.subarray(0, 4))
  return four
}
