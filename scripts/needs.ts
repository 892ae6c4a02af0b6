import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Other names under which distributions ship a tool. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
}

/** Where a system tool lies, or null: tests that need it say so with `test.skipIf(!toolPath('ffmpeg'))`. */
export function toolPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const file of aliases[name] ?? [name]) {
      const path = join(folder, file)
      if (folder !== '' && isExecutable(path)) return path
    }
  }
  return null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
