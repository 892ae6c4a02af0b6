import { Socket } from 'node:net'

/** Is told when the rest of a frame, which the kernel had not taken, has gone or never will. */
export interface Waiter {
  rested(bytes: number): void
}

/**
 * The shortest way from a ready frame to the kernel that Node has. A stream's `write` makes a request object, changes its state and
 * calls back, for each frame and viewer; the handle below it writes at once, and needs the request only when the kernel does not
 * take everything. None of it is documented, so it is tried out first, and `null` means: write to the stream.
 */
export interface Swift {
  write(socket: Socket, frame: Buffer, waiter: Waiter): 'sent' | 'queued' | 'failed'
}

interface WriteRequest {
  /** -1 as long as the request has not been put to use. */
  getAsyncId(): number
  oncomplete: (() => void) | null
  buffer: Buffer | null
}
interface Handle {
  writeBuffer(request: WriteRequest, bytes: Buffer): number
  readonly bytesWritten: number
}

const handleOf = (socket: Socket): Handle | null => (socket as unknown as { _handle: Handle | null })._handle ?? null

/** Writes `first` as a stream does, and learns from it how to write past the stream; null when that cannot be. */
export function learnSwift(socket: Socket, first: Buffer): Swift | null {
  const handle = handleOf(socket)
  if (!(socket instanceof Socket) || handle?.constructor.name !== 'TCP' || typeof handle.writeBuffer !== 'function') {
    socket.write(first)
    return null
  }
  let seen: WriteRequest | undefined
  const { writeBuffer } = handle
  handle.writeBuffer = (request, bytes) => {
    seen = request
    return writeBuffer.call(handle, request, bytes)
  }
  socket.write(first)
  Reflect.deleteProperty(handle, 'writeBuffer')
  const Request = seen?.constructor as (new () => WriteRequest) | undefined
  if (Request?.name !== 'WriteWrap' || handle.bytesWritten !== first.length) return null
  if (new Request().getAsyncId?.() !== -1) return null
  return openSwift(() => new Request())
}

function openSwift(make: () => WriteRequest): Swift {
  let spare = make()
  return {
    write(socket, frame, waiter) {
      const handle = handleOf(socket)
      if (handle?.writeBuffer(spare, frame) !== 0) return 'failed'
      if (spare.getAsyncId() < 0) return 'sent'
      // The request is under way now: it keeps the bytes alive, and the next write needs another one.
      spare.buffer = frame
      spare.oncomplete = () => waiter.rested(frame.length)
      spare = make()
      return 'queued'
    },
  }
}
