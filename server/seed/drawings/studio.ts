import type { Setting } from './art.ts'
import { lighten, type Pen, times } from './svg.ts'

/** A seamless backdrop of 800 by 800 with a soft light from the upper left. `hue` warms it to the product. */
export const backdrop = (pen: Pen, hue: string): string =>
  `<rect width="800" height="800" fill="${pen.rad(0.42, 0.3, 0.85, lighten(hue, 0.9), `${lighten(hue, 0.74)}@0.55`, lighten(hue, 0.5))}"/>
    <rect y="560" width="800" height="240" fill="${pen.lin(90, `${lighten(hue, 0.5)}@0/0`, `${lighten(hue, 0.62)}@0.3/0.8`, `${lighten(hue, 0.42)}@1/0.9`)}"/>
    <ellipse cx="300" cy="180" rx="320" ry="220" fill="#fff" opacity=".4" filter="${pen.blur(60)}"/>`

const window = (pen: Pen): string =>
  `<g filter="${pen.blur(18)}" fill="#fff6e2" opacity=".5"><path d="M-60 60L420-140l60 60L-60 190zM-60 260L560-20l60 60L-60 420z"/></g>`

const bokeh = (pen: Pen, colour: string, seed: number): string =>
  `<g filter="${pen.blur(5)}">${times(12, (i) => `<circle cx="${(i * 173 + seed * 61) % 800}" cy="${60 + ((i * 97 + seed * 29) % 320)}" r="${14 + ((i * 7) % 22)}" fill="${colour}" opacity="${0.08 + (i % 4) * 0.05}"/>`)}</g>`

const leaf = (x: number, y: number, scale: number, colour: string): string =>
  `<g transform="translate(${x} ${y}) scale(${scale})" fill="${colour}"><path d="M0 0c-34-28-46-70-34-106 22 16 34 46 34 72 0-40 14-84 42-98 10 42-4 92-26 122 16-24 44-34 66-30-10 26-38 42-66 42z"/></g>`

const desk = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(70, '#e9d8c0', '#c3a480@0.6', '#8d6b4c')}"/>${window(pen)}
    <g filter="${pen.blur(9)}"><rect x="560" y="250" width="110" height="330" rx="12" fill="#7c5b44" opacity=".55"/><rect x="676" y="300" width="70" height="280" rx="10" fill="#b4674f" opacity=".6"/><rect x="590" y="520" width="150" height="70" rx="12" fill="#f0e5d2"/>${leaf(650, 520, 1.5, '#61785a')}<rect x="40" y="430" width="150" height="150" rx="26" fill="#e8ded0"/><path d="M190 470c46-4 46 70 0 70" stroke="#e8ded0" stroke-width="18" fill="none"/><path d="M90 410c-10-24 14-30 4-60M130 410c-10-24 14-30 4-60" stroke="#fff" stroke-width="10" opacity=".5" fill="none"/></g>
    <rect y="570" width="800" height="230" fill="${pen.lin(90, '#a5784f', '#7a5333@0.5', '#5a3a22')}"/><rect y="570" width="800" height="6" fill="#fff" opacity=".22"/><g stroke="#3b2412" stroke-opacity=".14" stroke-width="3" fill="none"><path d="M0 620c200-14 420 16 800-6M0 676c260 18 500-14 800 8M0 740c220-16 560 12 800-4"/></g>`

const kitchen = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(80, '#eef0ea', '#cfd6cb')}"/><g filter="${pen.blur(3)}" stroke="#b6beb2" stroke-width="5" opacity=".7">${times(7, (i) => `<path d="M0 ${i * 92}h800"/>`)}${times(9, (i) => `<path d="M${i * 104} 0v600"/>`)}</g>${window(pen)}
    <g filter="${pen.blur(8)}"><rect x="500" y="120" width="330" height="22" fill="#9b7550"/><rect x="540" y="50" width="60" height="72" rx="10" fill="#d9a871"/><rect x="620" y="40" width="54" height="82" rx="10" fill="#e9e1d2"/><rect x="694" y="62" width="64" height="60" rx="10" fill="#8a9b7c"/>${leaf(130, 520, 1.7, '#6b8a5c')}<rect x="84" y="500" width="92" height="86" rx="14" fill="#c88862"/><circle cx="650" cy="560" r="36" fill="#d2603f"/><circle cx="712" cy="566" r="32" fill="#e2a23e"/></g>
    <rect y="580" width="800" height="220" fill="${pen.lin(90, '#f6f2ea', '#d5cdbf')}"/><rect y="580" width="800" height="10" fill="#fff" opacity=".8"/><rect y="590" width="800" height="18" fill="#000" opacity=".05"/>`

const bath = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(70, '#efe3dc', '#d9c3b8@0.6', '#b9998c')}"/>${window(pen)}<g filter="${pen.blur(9)}"><circle cx="600" cy="230" r="170" fill="#f7efe9" opacity=".75"/><circle cx="600" cy="230" r="170" fill="none" stroke="#b98d5d" stroke-width="12"/><rect x="60" y="410" width="120" height="180" rx="16" fill="#efe8e2"/><path d="M60 470h120M60 530h120" stroke="#d9cbc0" stroke-width="8"/>${leaf(690, 520, 1.5, '#7b917a')}<rect x="650" y="500" width="84" height="90" rx="14" fill="#f4efe9"/></g>${bokeh(pen, '#ffffff', 3)}
    <rect y="580" width="800" height="220" fill="${pen.lin(90, '#fbf8f4', '#ddd2c8')}"/><g stroke="#b7a79c" stroke-opacity=".35" stroke-width="4" fill="none"><path d="M0 690c120-50 210-10 330-66S560 600 640 580M380 800c60-60 200-40 420-130"/></g><rect y="580" width="800" height="7" fill="#fff"/>`

const floor = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(90, '#dfe3df', '#bfc5bd')}"/>${window(pen)}<g filter="${pen.blur(8)}"><path d="M430 250c0-30 20-50 50-50h360v280H430z" fill="#7c8f8c"/><rect x="400" y="330" width="440" height="160" rx="40" fill="#8fa3a0"/><rect x="440" y="480" width="16" height="50" fill="#6a4b32"/><rect x="60" y="120" width="150" height="200" rx="6" fill="#efe7da"/><circle cx="136" cy="210" r="46" fill="#d08a5e"/><path d="M70 320v-50c40-30 70 10 130-20v70z" fill="#5d7a74"/>${leaf(330, 470, 1.6, '#5f7a58')}<rect x="296" y="450" width="74" height="76" rx="12" fill="#e6ddcf"/></g>
    <path d="M0 520h800v280H0z" fill="${pen.lin(90, '#c79f74', '#a87d52')}"/><g stroke="#7d5632" stroke-opacity=".3" stroke-width="3">${times(9, (i) => `<path d="M${400 + (i - 4) * 90} 520L${400 + (i - 4) * 230} 800"/>`)}</g><ellipse cx="400" cy="690" rx="380" ry="110" fill="#eae2d4" opacity=".92"/><ellipse cx="400" cy="690" rx="340" ry="92" fill="none" stroke="#b7a58c" stroke-width="5" opacity=".6"/>`

const forest = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(90, '#f6d9b4', '#e9b78f@0.3', '#a9b7a0@0.55', '#5e7a5e')}"/><circle cx="560" cy="210" r="80" fill="#fff3d8"/><circle cx="560" cy="210" r="180" fill="#ffe2b0" opacity=".5" filter="${pen.blur(40)}"/>
    <g filter="${pen.blur(3)}"><path d="M-20 420L130 250l110 120 130-170 150 200 120-110 200 160v320H-20z" fill="#8fa39a" opacity=".8"/><path d="M-20 500c120-60 240-10 380-50s300-30 480 30v320H-20z" fill="#6f8a72"/>${times(11, (i) => `<path d="M${i * 80 - 20} ${560 - (i % 3) * 16}l38-${150 + (i % 4) * 30} 38 ${150 + (i % 4) * 30}z" fill="${i % 2 ? '#3f5b49' : '#4d6b54'}"/>`)}</g>
    <rect y="556" width="800" height="244" fill="${pen.lin(90, '#7d8a58', '#55633f@0.5', '#3d4a30')}"/><g filter="${pen.blur(2)}">${times(46, (i) => `<path d="M${(i * 67) % 800} ${590 + ((i * 41) % 200)}c2-14 8-20 12-24-2 10-2 18-4 26z" fill="#94a066" opacity=".7"/>`)}</g>${bokeh(pen, '#ffe9bd', 5)}`

const street = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(90, '#f3cfae', '#d99f86@0.45', '#8a7f93')}"/><g filter="${pen.blur(7)}">${times(9, (i) => `<rect x="${i * 96 - 30}" y="${150 + ((i * 83) % 170)}" width="${84 + (i % 3) * 14}" height="500" fill="${['#6b6a86', '#857c92', '#5b5f7c'][i % 3]}" opacity=".85"/>`)}${times(60, (i) => `<rect x="${(i * 53) % 800}" y="${240 + ((i * 37) % 280)}" width="12" height="16" fill="#ffdf9e" opacity="${0.3 + (i % 4) * 0.15}"/>`)}</g>${bokeh(pen, '#ffd9a0', 7)}
    <path d="M0 560h800v240H0z" fill="${pen.lin(90, '#8d8791', '#5f5a66')}"/><rect y="560" width="800" height="10" fill="#fff" opacity=".2"/><g fill="#e9e2d6" opacity=".5"><path d="M80 780l60-90h50l-40 90zM340 780l16-90h50l6 90zM590 780l-30-90h50l70 90z"/></g>`

const sea = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(90, '#bfe0ee', '#f6e3cb@0.42', '#4f9fb4@0.45', '#1f6e88')}"/><circle cx="250" cy="240" r="64" fill="#fff8e6"/><circle cx="250" cy="240" r="150" fill="#fff1cf" opacity=".5" filter="${pen.blur(36)}"/><g filter="${pen.blur(4)}"><path d="M470 360c40-90 100-140 160-150 60 40 120 90 200 150z" fill="#6f8793" opacity=".8"/>${times(9, (i) => `<path d="M-20 ${380 + i * 26}c90-16 140 14 230 0s160-18 250 0 180 14 370-4" stroke="#fff" stroke-opacity="${0.3 - i * 0.02}" stroke-width="${4 + i}" fill="none"/>`)}</g>
    <path d="M-20 610c120-60 230-30 330-40s220-50 330-30 140 30 200 10v260H-20z" fill="${pen.lin(90, '#877c72', '#4b433d')}"/><path d="M-20 612c120-60 230-30 330-40s220-50 330-30" stroke="#fff" stroke-opacity=".35" stroke-width="5" fill="none"/><g filter="${pen.blur(2)}" fill="#fff" opacity=".75">${times(16, (i) => `<circle cx="${30 + i * 50}" cy="${560 - ((i * 31) % 70)}" r="${3 + (i % 4) * 2}"/>`)}</g>`

const wardrobe = (pen: Pen): string =>
  `<rect width="800" height="800" fill="${pen.lin(70, '#f3e9df', '#dcc7b6@0.6', '#bfa28c')}"/>${window(pen)}<g filter="${pen.blur(7)}"><path d="M40 110h720" stroke="#a07a52" stroke-width="14"/>${['#b9c2ae', '#d6a48c', '#efe6d8', '#8d9aa6'].map((c, i) => `<path d="M${70 + (i < 2 ? i * 76 : i * 76 + 360)} 130c30-22 50-22 80 0l10 420h-100z" fill="${c}" opacity=".85"/>`).join('')}${leaf(700, 590, 1.5, '#73885f')}</g>
    <rect y="620" width="800" height="180" fill="${pen.lin(90, '#c9a582', '#a17d5b')}"/><rect y="620" width="800" height="8" fill="#fff" opacity=".2"/>`

const SETTINGS: Record<Setting, (pen: Pen) => string> = { desk, kitchen, bath, floor, forest, street, sea, wardrobe }

export const setting = (pen: Pen, name: Setting): string => SETTINGS[name](pen)
