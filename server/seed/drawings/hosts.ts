export type HairStyle = 'bob' | 'long' | 'bun' | 'short' | 'hijab' | 'curls' | 'swept' | 'braid'
export type HostLook = {
  skin: readonly [light: string, mid: string, deep: string]
  hair: readonly [light: string, dark: string]
  style: HairStyle
  top: readonly [light: string, dark: string]
  collar: 'crew' | 'shirt' | 'blazer'
  iris: string
  lips: string
  room: RoomName
  beard?: 'full' | 'stubble'
  glasses?: boolean
  earrings?: string
}
export type RoomName = 'amber' | 'sage' | 'blue' | 'rose' | 'sand' | 'plum' | 'teal' | 'clay'

export const HOST_LOOKS: Record<string, HostLook> = {
  mira: {
    skin: ['#f4caa8', '#d0926e', '#8a543b'],
    hair: ['#553324', '#20120d'],
    style: 'bob',
    top: ['#4a706b', '#1d3431'],
    collar: 'crew',
    iris: '#5b4632',
    lips: '#b5564c',
    room: 'amber',
    earrings: '#e8c078',
  },
  timur: {
    skin: ['#e3b08a', '#b07a56', '#6d432d'],
    hair: ['#352a26', '#120e0c'],
    style: 'short',
    top: ['#56668a', '#222c44'],
    collar: 'shirt',
    iris: '#4a3424',
    lips: '#9a5346',
    room: 'blue',
    beard: 'full',
  },
  wei: {
    skin: ['#f6d6b8', '#d6a583', '#8d6147'],
    hair: ['#29262a', '#0b0a0c'],
    style: 'long',
    top: ['#d9ccb8', '#8a7c69'],
    collar: 'blazer',
    iris: '#3a281d',
    lips: '#c05a5a',
    room: 'plum',
  },
  salma: {
    skin: ['#e8b892', '#bd8461', '#7a4a33'],
    hair: ['#c9b79d', '#857259'],
    style: 'hijab',
    top: ['#94a08a', '#4a5544'],
    collar: 'crew',
    iris: '#4b3220',
    lips: '#b0564c',
    room: 'sage',
  },
  ines: {
    skin: ['#c08660', '#8c5836', '#55301c'],
    hair: ['#2c1c17', '#0f0807'],
    style: 'bun',
    top: ['#c07060', '#6a332c'],
    collar: 'crew',
    iris: '#33211a',
    lips: '#8f3f38',
    room: 'rose',
    earrings: '#f0cf7f',
  },
  oksana: {
    skin: ['#f7d3ba', '#d8a180', '#94604a'],
    hair: ['#e2bf82', '#9a7642'],
    style: 'braid',
    top: ['#6f86a8', '#33435f'],
    collar: 'shirt',
    iris: '#5f7f93',
    lips: '#bd6258',
    room: 'sand',
  },
  theo: {
    skin: ['#f0c8a8', '#cd9673', '#885a42'],
    hair: ['#a39b94', '#5a534e'],
    style: 'swept',
    top: ['#4d4a54', '#232129'],
    collar: 'blazer',
    iris: '#6a7f6a',
    lips: '#a9645a',
    room: 'teal',
    glasses: true,
    beard: 'stubble',
  },
  diego: {
    skin: ['#d6a07a', '#a56f4b', '#66402a'],
    hair: ['#33241c', '#140d0a'],
    style: 'curls',
    top: ['#c99a4e', '#77531f'],
    collar: 'crew',
    iris: '#4a2f1e',
    lips: '#9c5244',
    room: 'clay',
  },
}

export const HOST_IDS: readonly string[] = Object.keys(HOST_LOOKS)

export const lookOf = (hostId: string): HostLook => {
  const look = HOST_LOOKS[hostId]
  if (look === undefined) throw new Error(`no portrait of ${hostId}`)
  return look
}

/** Wall in light, wall in shade, corners; what stands on the shelf is blurred. */
export const ROOMS: Record<RoomName, readonly [string, string, string]> = {
  amber: ['#c4905f', '#6b4430', '#21150f'],
  sage: ['#9cab88', '#505c46', '#191e16'],
  blue: ['#8a9db4', '#435167', '#141920'],
  rose: ['#c69083', '#6e4742', '#211413'],
  sand: ['#d2b78f', '#7a6747', '#221a12'],
  plum: ['#a088aa', '#54425e', '#1a131e'],
  teal: ['#7fa5a2', '#3d5c5c', '#121d1e'],
  clay: ['#cf9a72', '#7c4c34', '#24140d'],
}
