import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3mini } from 's3mini'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openS3Storage } from './s3-storage.ts'
import { storageContract } from './storage.contract.ts'
import { openDiskStorage } from './storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'efir-storage-'))
let count = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('files on this disk', () => {
  storageContract(async () => openDiskStorage(join(folder, `disk-${count++}`)))
})

describe('files in a bucket', () => {
  // Its own buckets, made as they are needed.
  const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: join(folder, 's3') })
  let origin = ''
  const keys = { region: 'auto', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
  beforeAll(async () => {
    const { port } = await server.run()
    origin = `http://127.0.0.1:${port}`
  })
  afterAll(() => server.close())

  async function open(endpoint: string) {
    const name = `bucket-${count++}`
    await new S3mini({ ...keys, endpoint: `${endpoint}/${name}` }).createBucket()
    return openS3Storage({ ...keys, endpoint: `${endpoint}/${name}`, work: join(folder, `work-${count++}`) })
  }
  storageContract(() => open(origin))

  test('a bucket that is in trouble for a moment is asked again', async () => {
    let refusals = 2
    const flaky = createServer((request, response) => {
      if (refusals-- > 0) {
        response.writeHead(503).end()
        return
      }
      const body: Buffer[] = []
      request.on('data', (part: Buffer) => body.push(part))
      request.on('end', () => {
        expect(Buffer.concat(body).toString()).toBe('hello')
        response.writeHead(200, { etag: '"1"' }).end()
      })
    })
    await new Promise<void>((resolve) => flaky.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = flaky.address() as AddressInfo
      const storage = openS3Storage({ ...keys, endpoint: `http://127.0.0.1:${port}/bucket`, work: join(folder, 'flaky') })
      await storage.put('a.txt', new TextEncoder().encode('hello'))
      expect(refusals).toBeLessThan(0)
    } finally {
      flaky.close()
    }
  })

  test('wrong keys are said at once', async () => {
    const name = `bucket-${count++}`
    const wrong = { ...keys, secretAccessKey: 'wrong', endpoint: `${origin}/${name}`, work: join(folder, 'wrong') }
    await expect(openS3Storage(wrong).put('a.txt', new Uint8Array(1))).rejects.toThrow()
  })
})
