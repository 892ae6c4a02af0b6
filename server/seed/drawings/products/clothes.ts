import type { Draw, ProductArt } from '../art.ts'
import { darken, lighten, type Pen, place, times } from '../svg.ts'

const cloth = (pen: Pen, base: string): string =>
  pen.lin(0, darken(base, 0.42), `${lighten(base, 0.2)}@0.28`, `${base}@0.55`, `${lighten(base, 0.08)}@0.74`, darken(base, 0.45))

const jacket: Draw = (pen, { base, trim }) =>
  `<path d="M70 30C50 34 40 42 34 58L12 140c-2 8 1 12 7 14l14 4c5 1 8-1 9-6l16-58z" fill="${pen.lin(20, lighten(base, 0.12), darken(base, 0.4))}"/><path d="M130 30c20 4 30 12 36 28l22 82c2 8-1 12-7 14l-14 4c-5 1-8-1-9-6l-16-58z" fill="${pen.lin(160, darken(base, 0.1), darken(base, 0.55))}"/>
    <path d="M14 142l26 8M186 142l-26 8" stroke="#000" stroke-opacity=".3" stroke-width="3"/>
    <path d="M68 30c10-6 54-6 64 0l14 10c4 30 6 100 4 138-1 6-4 8-9 9-26 4-56 4-82 0-5-1-8-3-9-9-2-38 0-108 4-138z" fill="${cloth(pen, base)}"/>
    <path d="M54 62c6 40 6 80 4 122M146 62c-6 40-6 80-4 122" stroke="#000" stroke-opacity=".16" stroke-width="5" fill="none" filter="${pen.blur(1.5)}"/>
    <path d="M64 34C62 14 78 4 100 4s38 10 36 30c-4 18-18 26-36 28-18-2-32-10-36-28z" fill="${pen.lin(90, lighten(base, 0.18), darken(base, 0.3))}"/><path d="M74 34C74 20 84 13 100 13s26 7 26 21c-4 10-14 15-26 16-12-1-22-6-26-16z" fill="${pen.lin(90, darken(base, 0.72), darken(base, 0.5))}"/><path d="M72 24c6-9 16-13 28-13" stroke="#fff" stroke-opacity=".25" stroke-width="2" fill="none"/>
    <path d="M100 50v137" stroke="${darken(base, 0.6)}" stroke-width="5"/><path d="M100 50v137" stroke="${trim}" stroke-width="1.600"/><rect x="97.600" y="66" width="4.800" height="11" rx="2" fill="${trim}"/><rect x="97.600" y="170" width="4.800" height="9" rx="2" fill="${trim}"/>
    <path d="M66 92l22 4M134 92l-22 4" stroke="${trim}" stroke-width="2" stroke-linecap="round"/><path d="M64 142l20-16M136 142l-20-16" stroke="#000" stroke-opacity=".4" stroke-width="3" stroke-linecap="round"/><path d="M64 140.500l20-16M136 140.500l-20-16" stroke="${trim}" stroke-opacity=".8" stroke-width="1.200"/>
    <path d="M52 64c4-10 10-16 18-20" stroke="#fff" stroke-opacity=".35" stroke-width="2.500" fill="none"/><rect x="112" y="70" width="18" height="4" rx="2" fill="#f2efe8" opacity=".85"/>`

const hood: Draw = (pen, { base, trim }) =>
  `<path d="M0 200C6 150 30 128 62 120h76c32 8 56 30 62 80z" fill="${cloth(pen, base)}"/><path d="M36 118C24 54 54 12 100 12s76 42 64 106c-12 26-38 36-64 40-26-4-52-14-64-40z" fill="${pen.lin(60, lighten(base, 0.24), `${base}@0.5`, darken(base, 0.4))}"/>
    <path d="M56 106C50 60 68 34 100 34s50 26 44 72c-8 16-24 24-44 26-20-2-36-10-44-26z" fill="${pen.lin(90, darken(base, 0.74), darken(base, 0.45))}"/><path d="M50 104C44 54 64 27 100 27" stroke="#fff" stroke-opacity=".3" stroke-width="2.500" fill="none"/>
    <path d="M100 130v70" stroke="${darken(base, 0.65)}" stroke-width="11"/><path d="M100 132v68" stroke="${trim}" stroke-width="3" stroke-dasharray="2.600 2"/><rect x="94" y="148" width="12" height="24" rx="5" fill="${trim}"/><rect x="97.500" y="166" width="5" height="14" rx="2.500" fill="${darken(trim, 0.25)}"/>
    ${times(9, (i) => `<ellipse cx="${24 + ((i * 53) % 160)}" cy="${150 + ((i * 29) % 42)}" rx="3.400" ry="4.200" fill="#fff" opacity=".5"/><ellipse cx="${23 + ((i * 53) % 160)}" cy="${149 + ((i * 29) % 42)}" rx="1.200" ry="1.500" fill="#fff" opacity=".9"/>`)}
    <path d="M58 118c-3 10-4 18-3 26M142 118c3 10 4 18 3 26" stroke="${trim}" stroke-width="2.500" stroke-linecap="round"/>`

const dress: Draw = (pen, { base, trim }) =>
  `<path d="M62 28C48 34 40 46 36 62l20 10 14-20zM138 28c14 6 22 18 26 34l-20 10-14-20z" fill="${pen.lin(20, lighten(base, 0.12), darken(base, 0.32))}"/><path d="M37 60l20 10M163 60l-20 10" stroke="#000" stroke-opacity=".16" stroke-width="1.600"/>
    <path d="M62 28c8-4 14-8 18-14l20 44 20-44c4 6 10 10 18 14-2 14-4 24-8 32 0 10 2 20 4 28 16 30 30 66 36 96-44 16-96 16-140 0 6-30 20-66 36-96 2-8 4-18 4-28-4-8-6-18-8-32z" fill="${cloth(pen, base)}"/>
    <path d="M80 14l20 44 20-44" fill="none" stroke="${darken(base, 0.35)}" stroke-width="2"/><path d="M80 14c8 4 32 4 40 0l-5 11c-8 3-22 3-30 0z" fill="${darken(base, 0.5)}" opacity=".75"/>
    <path d="M65 86c20 7 50 7 70 0l2 9c-22 8-52 8-74 0z" fill="${darken(base, 0.28)}"/><rect x="94" y="86" width="12" height="13" rx="3" fill="none" stroke="${trim}" stroke-width="2"/>
    <path d="M80 102c-12 28-22 56-28 86M92 104c-4 28-8 58-10 88M108 104c4 28 8 58 10 88M120 102c12 28 22 56 28 86" stroke="#000" stroke-opacity=".14" stroke-width="3.400" fill="none" filter="${pen.blur(1)}"/><path d="M86 104c-8 28-15 58-19 88M114 104c8 28 15 58 19 88" stroke="#fff" stroke-opacity=".16" stroke-width="3.400" fill="none" filter="${pen.blur(1)}"/>
    <path d="M60 118l-8 16M140 118l8 16" stroke="#000" stroke-opacity=".32" stroke-width="2" stroke-linecap="round"/><path d="M30 184c44 16 96 16 140 0" stroke="#000" stroke-opacity=".15" stroke-width="1.500" fill="none" transform="translate(0 -5)"/>`

const hanger = `<path d="M100 8c0-8 12-8 12 0 0 6-12 6-12 14" stroke="#8f8a84" stroke-width="3.500" fill="none" stroke-linecap="round"/><path d="M46 44L100 20l54 24" stroke="#b98b5a" stroke-width="7" fill="none" stroke-linecap="round"/><path d="M48 42L100 18l52 24" stroke="#fff" stroke-opacity=".3" stroke-width="1.600" fill="none"/>`

const dressBack: Draw = (pen, { base, trim }) =>
  `${hanger}<g clip-path="${pen.clip('<rect x="-20" y="20" width="240" height="190"/>')}">${place(dress(pen, { base, trim }), -40, 20, 1.4)}
    <path d="M72 40c10 10 46 10 56 0l-28 58z" fill="${cloth(pen, base)}"/><path d="M100 52v150" stroke="${darken(base, 0.5)}" stroke-width="4"/><path d="M100 52v150" stroke="${trim}" stroke-width="1.400" stroke-dasharray="2 1.600"/><rect x="97" y="52" width="6" height="14" rx="2.500" fill="${trim}"/></g>`

const shoe =
  (trail: boolean): Draw =>
  (pen, { base, trim }) =>
    `<path d="M20 132C15 108 14 86 19 66c2-6 7-8 12-5 8 4 16 8 26 7 10-1 17-7 23-14 4-5 10-5 14-1l10 10c16 16 36 28 58 34 17 5 26 12 28 24l1 12z" fill="${pen.lin(25, lighten(base, 0.5), `${base}@0.45`, darken(base, 0.4))}"/>
    <path d="M20 66c6-7 15-6 24-2 12 4 22 0 31-9 6-6 14-6 19 0-7 13-20 21-36 21-16 0-29-4-38-10z" fill="${darken(base, 0.62)}"/><path d="M20 66c2-6 7-8 12-5 8 4 16 8 26 7" stroke="${lighten(base, 0.5)}" stroke-width="2.200" fill="none"/>
    <path d="M17 78c-2 16 0 34 4 50 16 0 26-8 28-22 2-16-12-26-32-28z" fill="${darken(base, 0.26)}"/><path d="M21 84c12 2 20 10 20 22" stroke="#fff" stroke-opacity=".22" stroke-width="2" fill="none"/>
    <path d="M34 126c34-4 64-28 78-48l12 9c-14 24-44 44-74 44z" fill="${trim}"/><path d="M64 130c28-6 52-22 66-38l10 6c-14 18-36 30-60 36z" fill="${trim}" opacity=".55"/>
    <path d="M92 56l36 28" stroke="${darken(base, 0.4)}" stroke-width="9" stroke-linecap="round"/>
    ${times(5, (i) => `<path d="M${93 + i * 9} ${57 + i * 7.4}l-13 11" stroke="${lighten(trim, 0.8)}" stroke-width="3.800" stroke-linecap="round"/>`)}
    <path d="M150 96c22 4 38 12 41 30l-30 2c0-12-4-24-11-32z" fill="${trail ? darken(base, 0.62) : lighten(base, 0.36)}" opacity=".9"/>
    ${times(9, (i) => `<circle cx="${122 + (i % 3) * 8 + Math.floor(i / 3) * 2}" cy="${104 + Math.floor(i / 3) * 7}" r="1.200" fill="#000" opacity=".25"/>`)}
    <path d="M11 118c26 9 58 8 90 2 32-5 62-2 90 2 4 12 2 22-4 27-4 4-10 5-18 5H34c-14 0-21-12-23-36z" fill="${pen.lin(90, '#fffdf8', '#f3ece0@0.5', trail ? '#cdc0aa' : '#d8d0c3')}"/><path d="M12 124c28 9 60 7 90 1 30-5 60-2 90 3" stroke="${trim}" stroke-width="2.600" fill="none"/>
    <path d="M28 140c20 4 44 2 60-4M100 138c24-4 48-4 74-1" stroke="#000" stroke-opacity=".1" stroke-width="4" fill="none" stroke-linecap="round"/>
    <path d="M17 144c2 8 8 13 17 13h132c10 0 18-4 22-13-6 4-12 5-20 5H36c-8 0-14-1-19-5z" fill="${darken(base, 0.68)}"/>
    ${trail ? times(12, (i) => `<path d="M${28 + i * 12.6} 154h9l-1.500 10h-6z" fill="${darken(base, 0.72)}"/>`) : ''}`

const pairTop =
  (trail: boolean): Draw =>
  (pen, tone) =>
    `${place(shoe(trail)(pen, tone), 196, 0, 0.86, 0).replace('scale(0.86)', 'scale(-0.86 0.86)')}<ellipse cx="96" cy="176" rx="78" ry="8" fill="#000" opacity=".28" filter="${pen.blur(4)}"/>${place(shoe(trail)(pen, tone), 8, 44, 0.9, -4)}`

export const clothes: Record<string, ProductArt> = {
  'nordrel-shell-jacket': {
    colours: {
      graphite: { base: '#565b63', trim: '#e89a5b' },
      moss: { base: '#6f7d4f', trim: '#e6d9a8' },
      orange: { base: '#d9763c', trim: '#2f2b2b' },
    },
    front: jacket,
    detail: hood,
    bleeds: true,
    setting: 'forest',
    shadow: [100, 192, 60, 6],
    figures: [
      ['waterproof_rating', 66, 60],
      ['weight', 138, 60],
      ['pockets', 70, 136],
      ['breathability', 136, 120],
    ],
    held: { scale: 0.95, turn: 3, grip: [100, 40] },
  },
  'alinette-midi-dress': {
    colours: {
      sage: { base: '#93a58a', trim: '#d9c08a' },
      terracotta: { base: '#b5644a', trim: '#e4c48e' },
      ivory: { base: '#e8dfce', trim: '#b99a68' },
    },
    front: dress,
    detail: dressBack,
    bleeds: true,
    setting: 'wardrobe',
    shadow: [100, 195, 62, 5],
    figures: [
      ['length', 64, 60],
      ['weight', 136, 60],
      ['pockets', 56, 128],
      ['wash_temperature', 146, 150],
    ],
    held: { scale: 0.95, turn: 3, grip: [100, 30] },
  },
  'paceto-run-2': {
    colours: { mist: { base: '#a9c6c0', trim: '#3b7a78' }, coral: { base: '#ee9c88', trim: '#7a3550' } },
    front: shoe(false),
    detail: pairTop(false),
    setting: 'street',
    shadow: [102, 159, 84, 7],
    figures: [
      ['weight', 58, 84],
      ['heel_drop', 150, 108],
      ['stack_height_heel', 34, 144],
      ['recycled_content', 140, 118],
    ],
    held: { scale: 0.82, turn: -10, grip: [100, 156] },
  },
  'paceto-trail-1': {
    colours: { pine: { base: '#5f7d68', trim: '#e8a24c' }, ember: { base: '#a8503c', trim: '#f0c15e' } },
    front: shoe(true),
    detail: pairTop(true),
    setting: 'forest',
    shadow: [102, 165, 84, 7],
    figures: [
      ['weight', 58, 84],
      ['heel_drop', 150, 108],
      ['stack_height_heel', 34, 144],
      ['lug_depth', 130, 162],
    ],
    held: { scale: 0.82, turn: -10, grip: [100, 156] },
  },
}
