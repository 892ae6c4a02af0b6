import { open, rename, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** On disk, name and bytes, when it returns. */
export async function writeDurably(dir: string, file: string, chunks: readonly Uint8Array[]): Promise<void> {
  const handle = await open(join(dir, file), 'w')
  try {
    for (const chunk of chunks) await handle.writeFile(chunk)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncDir(dir)
}

/** Readers see the old file or the new one, never half of it. */
export async function replaceDurably(dir: string, file: string, text: string): Promise<void> {
  await writeDurably(dir, `${file}.new`, [Buffer.from(text)])
  await rename(join(dir, `${file}.new`), join(dir, file))
  await syncDir(dir)
}

async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What an ordinary user may still write on the disk of a folder. */
export async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}
