import { Readable } from 'node:stream'
import type { Client } from 'pg'

/** COPY, as the protocol of PostgreSQL has it (Message Flow, COPY Operations). The driver hands its messages to whoever asked. */

interface Line {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(why: string): void
  readonly stream: NodeJS.WritableStream & { pause(): void; resume(): void; readonly writableNeedDrain: boolean }
}

/** Rows as PostgreSQL writes them, one chunk each. */
export function copyOut(client: Client, statement: string): AsyncIterable<Buffer> {
  let line: Line | null = null
  const rows = new Readable({ objectMode: true, highWaterMark: 1_000, read: () => void line?.stream.resume() })
  const asked = {
    submit(connection: Line) {
      line = connection
      connection.query(statement)
    },
    handleCopyData({ chunk }: { chunk: Buffer }) {
      // The driver writes the next message over this one.
      if (!rows.push(Buffer.from(chunk))) line?.stream.pause()
    },
    handleCommandComplete: () => undefined,
    handleReadyForQuery: () => void rows.push(null),
    handleError: (problem: Error) => void rows.destroy(problem),
  }
  client.query(asked as never)
  return rows
}

/** How many rows went in. */
export function copyIn(client: Client, statement: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0
    const asked = {
      submit: (connection: Line) => connection.query(statement),
      handleCopyInResponse: (connection: Line) => void pump(connection, chunks),
      handleCommandComplete({ text }: { text: string }) {
        rows = Number(text.split(' ')[1])
      },
      handleReadyForQuery: () => resolve(rows),
      handleError: reject,
    }
    client.query(asked as never)
  })
}

/** What goes wrong while reading ends the statement: its error then rejects. */
async function pump(line: Line, chunks: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      line.sendCopyFromChunk(chunk)
      if (line.stream.writableNeedDrain) await new Promise((resolve) => line.stream.once('drain', resolve))
    }
    line.endCopyFrom()
  } catch (problem) {
    line.sendCopyFail((problem as Error).message)
  }
}
