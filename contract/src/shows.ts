import { Type } from 'typebox'
import { act, Done, Obj, PageOf, pageInput } from './act.ts'
import { Picture } from './catalog.ts'
import { CurrencyCode, Email, Id, LocaleSchema, LocalText, Millis, ShortText } from './scalars.ts'

export const ShowState = Type.Enum(['draft', 'scheduled', 'live', 'paused', 'cut', 'ended', 'replay', 'archived', 'cancelled'])
export const Visibility = Type.Union([Type.Literal('public'), Type.Literal('unlisted'), Type.Literal('team')], {
  description: 'team: a test show, seen by its team only',
})

export const HostCard = Obj({
  id: Id('person'),
  name: Type.String(),
  picture: Type.Optional(Type.String()),
  languages: Type.Array(LocaleSchema),
})

export const ShowCard = Obj({
  id: Id('show'),
  shopId: Id('shop'),
  shopName: Type.String(),
  shopSlug: Type.String(),
  seriesId: Type.Optional(Id('series')),
  title: LocalText,
  about: LocalText,
  cover: Type.Optional(Type.String({ description: 'address of the cover, portrait' })),
  coverWide: Type.Optional(Type.String()),
  state: ShowState,
  visibility: Visibility,
  languages: Type.Array(LocaleSchema),
  currency: CurrencyCode,
  topic: Type.String(),
  startsAt: Type.Optional(Millis),
  plannedMinutes: Type.Integer(),
  startedAt: Type.Optional(Millis),
  endedAt: Type.Optional(Millis),
  hosts: Type.Array(HostCard),
  reminders: Type.Integer(),
  viewers: Type.Integer(),
  lots: Type.Integer(),
  demo: Type.Boolean(),
})

export const Chapter = Obj({
  title: Type.String(),
  lotId: Type.Optional(Id('lot')),
  /** Program date-time, epoch ms. */
  startAt: Millis,
  endAt: Type.Optional(Millis),
  /** Where in the replay, milliseconds from its start. */
  offsetMs: Type.Integer({ minimum: 0 }),
})

export const Playback = Obj({
  /** Live: LL-HLS multivariant playlist. */
  liveUrl: Type.Optional(Type.String()),
  replayUrl: Type.Optional(Type.String()),
  /** Program date-time of the replay's first picture. */
  replayStartAt: Type.Optional(Millis),
  replayDurationMs: Type.Optional(Type.Integer()),
  /** Milliseconds that the encoder adds and nobody can see; pictures are that much older. */
  encoderDelayMs: Type.Integer(),
})

export const ShowPage = Obj({
  show: ShowCard,
  playback: Playback,
  /** The host's own panic picture. */
  slate: Type.Boolean(),
  reminded: Type.Boolean(),
  following: Type.Array(Id('person')),
  /** What I am here. */
  roles: Type.Array(Type.String()),
  now: Millis,
})

export const RundownItem = Obj({
  id: Id('item'),
  kind: Type.Union([Type.Literal('talk'), Type.Literal('lot')]),
  title: Type.String(),
  note: Type.String(),
  plannedSeconds: Type.Integer(),
  lotId: Type.Optional(Id('lot')),
  startedAt: Type.Optional(Millis),
  endedAt: Type.Optional(Millis),
})

const showFields = {
  title: LocalText,
  about: Type.Optional(LocalText),
  languages: Type.Optional(Type.Array(LocaleSchema, { minItems: 1, maxItems: 7 })),
  topic: Type.Optional(Type.String({ maxLength: 40 })),
  visibility: Type.Optional(Visibility),
  startsAt: Type.Optional(Millis),
  plannedMinutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 1440 })),
  coverPictureId: Type.Optional(Id('picture')),
  encoderDelayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 30_000 })),
}
const showTeam = ['show:host', 'shop:owner', 'shop:manager'] as const
const byShow = Obj({ showId: Id('show') })

export const createShow = act({
  name: 'createShow',
  method: 'POST',
  path: '/shops/:shopId/shows',
  who: ['shop:owner', 'shop:manager'],
  summary: 'A new show, a draft; I become its host unless others are named.',
  input: Obj({ shopId: Id('shop'), ...showFields, hostIds: Type.Optional(Type.Array(Id('person'), { maxItems: 5 })) }),
  output: ShowCard,
})
export const changeShow = act({
  name: 'changeShow',
  method: 'PATCH',
  path: '/shows/:showId',
  who: showTeam,
  summary: 'Change texts, time or visibility.',
  input: Obj({ showId: Id('show'), ...showFields, title: Type.Optional(LocalText) }),
  output: ShowCard,
  refusals: ['show_state'],
})
export const scheduleShow = act({
  name: 'scheduleShow',
  method: 'POST',
  path: '/shows/:showId/schedule',
  who: showTeam,
  summary: 'Announce the show for its time.',
  input: Obj({ showId: Id('show'), startsAt: Millis }),
  output: ShowCard,
  refusals: ['show_state'],
})
export const cancelShow = act({
  name: 'cancelShow',
  method: 'POST',
  path: '/shows/:showId/cancel',
  who: showTeam,
  summary: 'Call off a show that was not on air.',
  input: byShow,
  output: ShowCard,
  refusals: ['show_state'],
})
export const endShow = act({
  name: 'endShow',
  method: 'POST',
  path: '/shows/:showId/end',
  who: showTeam,
  summary: 'End the broadcast; lots close, the replay is made.',
  input: byShow,
  output: ShowCard,
  refusals: ['show_state'],
})
export const setSlate = act({
  name: 'setSlate',
  method: 'POST',
  path: '/shows/:showId/slate',
  who: ['show:host', 'show:moderator', 'shop:owner', 'shop:manager'],
  summary: "Cover every viewer's picture, or show it again.",
  input: Obj({ showId: Id('show'), on: Type.Boolean() }),
  output: Done,
  refusals: ['show_state'],
})
export const cutShow = act({
  name: 'cutShow',
  method: 'POST',
  path: '/shows/:showId/cut',
  who: ['shop:owner', 'operator'],
  summary: 'Emergency cut: the picture stops for everybody until it is undone.',
  input: Obj({ showId: Id('show'), on: Type.Boolean(), reason: ShortText(200) }),
  output: ShowCard,
  refusals: ['show_state'],
})
export const archiveShow = act({
  name: 'archiveShow',
  method: 'POST',
  path: '/shows/:showId/archive',
  who: ['shop:owner', 'shop:manager'],
  summary: 'Take a replay off the shelf.',
  input: byShow,
  output: ShowCard,
  refusals: ['show_state'],
})
export const duplicateShow = act({
  name: 'duplicateShow',
  method: 'POST',
  path: '/shows/:showId/duplicate',
  who: ['shop:owner', 'shop:manager'],
  summary: 'A new draft with the same texts, rundown, lots and hosts.',
  input: Obj({ showId: Id('show'), startsAt: Type.Optional(Millis) }),
  output: ShowCard,
})
export const createSeries = act({
  name: 'createSeries',
  method: 'POST',
  path: '/shows/:showId/series',
  who: ['shop:owner', 'shop:manager'],
  summary: 'Repeat the show each week at the same local time.',
  input: Obj({
    showId: Id('show'),
    zone: Type.String({ maxLength: 60, description: 'IANA time zone' }),
    weeks: Type.Integer({ minimum: 1, maximum: 52 }),
  }),
  output: Obj({ seriesId: Id('series'), shows: Type.Array(ShowCard) }),
  refusals: ['show_state'],
})
export const endSeries = act({
  name: 'endSeries',
  method: 'DELETE',
  path: '/shows/:showId/series',
  who: ['shop:owner', 'shop:manager'],
  summary: 'Call off the coming shows of the series.',
  input: byShow,
  output: Obj({ cancelled: Type.Integer() }),
})

export const showPage = act({
  name: 'showPage',
  method: 'GET',
  path: '/shows/:showId',
  who: ['public'],
  summary: 'All a watcher needs at first: show, playback, state.',
  input: byShow,
  output: ShowPage,
  refusals: ['show_not_public'],
})
export const storefront = act({
  name: 'storefront',
  method: 'GET',
  path: '/storefront',
  who: ['public'],
  summary: 'On air, soon, replays, hosts.',
  input: Obj({ shopId: Type.Optional(Id('shop')) }),
  output: Obj({
    live: Type.Array(ShowCard),
    soon: Type.Array(ShowCard),
    replays: Type.Array(ShowCard),
    hosts: Type.Array(
      Obj({
        ...HostCard.properties,
        bio: LocalText,
        shows: Type.Integer(),
        followers: Type.Integer(),
        liveShowId: Type.Optional(Id('show')),
        following: Type.Boolean(),
      }),
    ),
    now: Millis,
  }),
})
export const listShows = act({
  name: 'listShows',
  method: 'GET',
  path: '/shops/:shopId/shows',
  who: ['shop:owner', 'shop:manager', 'shop:fulfilment', 'operator'],
  summary: 'Shows of a shop, newest first.',
  input: Obj({ shopId: Id('shop'), state: Type.Optional(ShowState), ...pageInput }),
  output: PageOf(ShowCard),
})
export const showsOnAir = act({
  name: 'showsOnAir',
  method: 'GET',
  path: '/platform/on-air',
  who: ['operator'],
  summary: 'Every show of every shop that is on air or cut, most viewers first.',
  input: Obj({}),
  output: Obj({ shows: Type.Array(Obj({ ...ShowCard.properties, cutReason: Type.Optional(Type.String()) })) }),
})
export const myShows = act({
  name: 'myShows',
  method: 'GET',
  path: '/me/shows',
  who: ['account'],
  summary: 'Shows that I host, moderate or own, for the studio.',
  input: Obj({ ...pageInput }),
  output: PageOf(ShowCard),
})
export const showTeamView = act({
  name: 'showTeamView',
  method: 'GET',
  path: '/shows/:showId/team',
  who: ['show:host', 'show:moderator', 'shop:owner', 'shop:manager'],
  summary: 'Hosts and moderators.',
  input: byShow,
  output: Obj({
    members: Type.Array(
      Obj({ personId: Id('person'), name: Type.String(), role: Type.Union([Type.Literal('host'), Type.Literal('moderator')]) }),
    ),
  }),
})
export const giveShowRole = act({
  name: 'giveShowRole',
  method: 'POST',
  path: '/shows/:showId/team',
  who: ['show:host', 'shop:owner', 'shop:manager'],
  summary: 'Add a co-host or moderator.',
  input: Obj({ showId: Id('show'), personId: Id('person'), role: Type.Union([Type.Literal('host'), Type.Literal('moderator')]) }),
  output: Done,
})
export const takeShowRole = act({
  name: 'takeShowRole',
  method: 'DELETE',
  path: '/shows/:showId/team',
  who: ['show:host', 'shop:owner', 'shop:manager'],
  summary: 'Take a role in the show away.',
  input: Obj({ showId: Id('show'), personId: Id('person'), role: Type.Union([Type.Literal('host'), Type.Literal('moderator')]) }),
  output: Done,
})

export const rundown = act({
  name: 'rundown',
  method: 'GET',
  path: '/shows/:showId/rundown',
  who: ['show:host', 'show:moderator', 'shop:owner', 'shop:manager'],
  summary: 'The plan of the show.',
  input: byShow,
  output: Obj({ items: Type.Array(RundownItem) }),
})
export const setRundown = act({
  name: 'setRundown',
  method: 'PUT',
  path: '/shows/:showId/rundown',
  who: showTeam,
  summary: 'Replace the plan; items with an id keep their times.',
  input: Obj({
    showId: Id('show'),
    items: Type.Array(
      Obj({
        id: Type.Optional(Id('item')),
        kind: Type.Union([Type.Literal('talk'), Type.Literal('lot')]),
        title: ShortText(120),
        note: Type.Optional(Type.String({ maxLength: 2000 })),
        plannedSeconds: Type.Integer({ minimum: 0, maximum: 14_400 }),
        lotId: Type.Optional(Id('lot')),
      }),
      { maxItems: 200 },
    ),
  }),
  output: Obj({ items: Type.Array(RundownItem) }),
  refusals: ['rundown_full'],
})
export const startItem = act({
  name: 'startItem',
  method: 'POST',
  path: '/shows/:showId/rundown/:itemId/start',
  who: showTeam,
  summary: 'This item is on now; the one before ends.',
  input: Obj({ showId: Id('show'), itemId: Id('item') }),
  output: Obj({ items: Type.Array(RundownItem) }),
})

export const remindMe = act({
  name: 'remindMe',
  method: 'POST',
  path: '/shows/:showId/reminder',
  who: ['known'],
  summary: 'Tell me when the show begins: by mail with a calendar file, by push, or both.',
  input: Obj({
    showId: Id('show'),
    email: Type.Optional(Email),
    byPush: Type.Optional(Type.Boolean({ description: 'a browser of mine is told (setPush): no e-mail is needed' })),
  }),
  output: Done,
  refusals: ['reminder_needs_email', 'show_state'],
})
export const forgetReminder = act({
  name: 'forgetReminder',
  method: 'DELETE',
  path: '/shows/:showId/reminder',
  who: ['known'],
  summary: 'No reminder after all.',
  input: byShow,
  output: Done,
})
export const followHost = act({
  name: 'followHost',
  method: 'POST',
  path: '/hosts/:hostId/follow',
  who: ['known'],
  summary: 'Follow or unfollow a host.',
  input: Obj({ hostId: Id('person'), on: Type.Boolean() }),
  output: Done,
})
export const hostPage = act({
  name: 'hostPage',
  method: 'GET',
  path: '/hosts/:hostId',
  who: ['public'],
  summary: 'A host and their shows.',
  input: Obj({ hostId: Id('person') }),
  output: Obj({
    host: Obj({ ...HostCard.properties, bio: LocalText, followers: Type.Integer(), following: Type.Boolean() }),
    shows: Type.Array(ShowCard),
  }),
})

/** Multipart, like addPicture: for hosts who are not of the shop's staff. */
export const addShowPicture = act({
  name: 'addShowPicture',
  method: 'POST',
  path: '/shows/:showId/pictures',
  who: ['show:host', 'shop:owner', 'shop:manager'],
  summary: "A picture for the show or a quick lot, kept in the show's shop.",
  input: byShow,
  output: Picture,
  refusals: ['picture_unreadable', 'picture_too_large'],
})

export const acts = [
  addShowPicture,
  createShow,
  changeShow,
  scheduleShow,
  cancelShow,
  endShow,
  setSlate,
  cutShow,
  archiveShow,
  duplicateShow,
  createSeries,
  endSeries,
  showPage,
  storefront,
  listShows,
  showsOnAir,
  myShows,
  showTeamView,
  giveShowRole,
  takeShowRole,
  rundown,
  setRundown,
  startItem,
  remindMe,
  forgetReminder,
  followHost,
  hostPage,
]
