import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'

/** `node scripts/icons.ts`: the icons of home screens and notifications, drawn from web/public/mark.svg and committed. */
const web = join(import.meta.dirname, '../web/public')
const mark = readFileSync(join(web, 'mark.svg'), 'utf8')
/** Maskable icons are cut to any shape: the drawing keeps to the inner 80 %, the ground goes to the edge. */
const whole = mark.replace(/<rect[^>]*>/, '<rect width="32" height="32" fill="#100e0d"/>')
const inner = whole
  .replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
  .replace('<rect width="32" height="32"', '<rect x="-4" y="-4" width="40" height="40"')
/** Badges in the status bar are masks: only what is opaque counts. */
const badge = mark
  .replace(/<rect[^>]*>/, '')
  .replaceAll(/#[0-9a-f]{6}/g, '#ffffff')
  .replace('viewBox="0 0 32 32"', 'viewBox="5 5 22 22"')

const drawings: readonly (readonly [string, number, string])[] = [
  ['192.png', 192, mark],
  ['512.png', 512, mark],
  ['maskable-512.png', 512, inner],
  ['180.png', 180, whole],
  ['badge-96.png', 96, badge],
]
mkdirSync(join(web, 'icons'), { recursive: true })
for (const [name, size, svg] of drawings) {
  const image = sharp(Buffer.from(svg), { density: 72 * (size / 32) * 2 }).resize(size, size)
  await image.png({ compressionLevel: 9, palette: true, quality: 90 }).toFile(join(web, 'icons', name))
}
