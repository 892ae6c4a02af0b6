import * as contract from '@efir/contract/room.ts'
import { bind, type Route } from '../../kernel/bind.ts'
import { assert } from '../../kernel/refusal.ts'
import type { ChatDesk } from './chat.ts'
import * as verbs from './verbs.ts'
import * as views from './views.ts'

export const routes = (chat: ChatDesk): Route[] => [
  bind.wire(contract.sendChat, async (ctx, { showId, key, text }) => {
    const { actor } = ctx
    assert(actor.kind === 'guest' || actor.kind === 'account', 'sendChat asks for a known person')
    return { line: await chat.say(showId, actor, key, text) }
  }),
  bind.view(contract.chatGlimpse, views.chatGlimpse),
  bind.act(contract.deleteMessage, verbs.deleteMessage),
  bind.act(contract.mutePerson, verbs.mutePerson),
  bind.act(contract.banPerson, verbs.banPerson),
  bind.act(contract.pinMessage, verbs.pinMessage),
  bind.act(contract.setSlowMode, verbs.setSlowMode),
  bind.act(contract.setBlockWords, verbs.setBlockWords),
  bind.act(contract.setShopBlockWords, verbs.setShopBlockWords),
  bind.view(contract.shopBlockWords, views.shopBlockWords),
  bind.view(contract.roomSettings, views.roomSettings),
  bind.view(contract.chatLog, views.chatLog),
]
