import { type CloseReason, closeCodes } from '@efir/contract/room/close-codes.ts'
import { type Join, Up } from '@efir/contract/room/up.ts'
import { roomVersion } from '@efir/contract/room/version.ts'
import { Compile } from 'typebox/compile'
import { Refusal } from '../../../kernel/refusal.ts'
import { jsonFrame } from './frame.ts'
import type { Hub } from './hub.ts'
import type { Room } from './room.ts'
import type { Member, Viewer, Wire } from './viewer.ts'

const upMessage = Compile(Up)

/** One connection from its first message to its end. Everything a viewer says comes through `receive`. */
export class Connection {
  readonly openedAt: number
  readonly viewer: Viewer
  private readonly hub: Hub
  private readonly ticket: string | undefined
  private phase: 'new' | 'opening' | 'in' | 'gone' = 'new'
  private room: Room | null = null
  private waiting: string[] = []
  private allowance: number
  private allowanceAt: number

  constructor(hub: Hub, wire: Wire, { id, now, ticket }: { id: number; now: number; ticket: string | undefined }) {
    this.hub = hub
    this.ticket = ticket
    this.openedAt = now
    this.allowance = hub.limits.upBurst
    this.allowanceAt = now
    this.viewer = {
      wire,
      member: null,
      mark: null,
      desk: false,
      rung: 'full',
      who: `#${id}`,
      acked: 0,
      heldFrame: 0,
      heldSeq: 0,
      delayMs: null,
      missed: 0,
      slot: -1,
    }
  }

  get joined(): boolean {
    return this.phase === 'in'
  }

  isIn(room: Room): boolean {
    return this.phase === 'in' && this.room === room
  }

  receive(text: string): void {
    if (this.phase === 'gone') return
    if (!this.mayTalk()) {
      this.close('too_many_messages')
      return
    }
    if (this.phase === 'opening') {
      this.waiting.push(text)
      if (this.waiting.length > this.hub.limits.waiting) this.close('too_many_messages')
      return
    }
    const message = parsed(text)
    if (!message) {
      this.close('message_wrong')
      return
    }
    if (message.t === 'join') {
      this.phase === 'new' ? this.join(message) : this.close('message_wrong')
      return
    }
    if (!this.room) {
      this.close('message_wrong')
      return
    }
    this.hear(this.room, message)
  }

  /** The line is dead. */
  end(): void {
    if (this.phase === 'in' && this.room) this.hub.leave(this.room, this)
    this.phase = 'gone'
    this.waiting = []
  }

  close(reason: CloseReason): void {
    if (this.phase === 'gone') return
    const code = closeCodes[reason]
    this.hub.closes.set(reason, (this.hub.closes.get(reason) ?? 0) + 1)
    const reconnect = this.room?.reconnectWindow() ?? this.hub.reconnectWindow()
    this.viewer.wire.write(jsonFrame({ t: 'bye', code, reconnect }))
    this.viewer.wire.close(code, reason)
    this.hub.forget(this)
    this.end()
  }

  private mayTalk(): boolean {
    const { upBurst, upPerSecond } = this.hub.limits
    const now = this.hub.clock.now()
    this.allowance = Math.min(upBurst, this.allowance + ((now - this.allowanceAt) * upPerSecond) / 1_000)
    this.allowanceAt = now
    this.allowance -= 1
    return this.allowance >= 0
  }

  private join(message: Join): void {
    if (message.v !== roomVersion) {
      this.close('version_unknown')
      return
    }
    const token = message.token ?? this.ticket
    if (token !== undefined) {
      const member = this.hub.memberOf(token)
      if (typeof member === 'string') {
        this.close(message.token === undefined ? 'token_expired' : member)
        return
      }
      this.viewer.member = member
    }
    const room = this.hub.roomNamed(message.room)
    if (!(room instanceof Promise)) {
      this.enter(room, message)
      return
    }
    this.phase = 'opening'
    room.then(
      (opened) => {
        if (this.phase !== 'opening') return
        this.phase = 'new'
        this.enter(opened, message)
        for (const text of this.waiting.splice(0)) this.receive(text)
      },
      (problem: Error) => {
        this.hub.log?.warn({ room: message.room, problem: problem.message }, 'a room did not open')
        this.close('overloaded')
      },
    )
  }

  private enter(room: Room | CloseReason, message: Join): void {
    if (typeof room === 'string') {
      this.close(room)
      return
    }
    const { viewer } = this
    const refusal = this.present(room, viewer.member)
    if (refusal) {
      this.close(refusal)
      return
    }
    if (!this.isTrusted() && room.size >= this.hub.limits.viewersPerRoom) {
      this.close('room_full')
      return
    }
    if (!this.isTrusted() && !viewer.wire.forMany && room.size >= this.hub.limits.cachedFrom) {
      this.close('use_caches')
      return
    }
    viewer.desk = (message.desk ?? false) && this.isTrusted()
    this.phase = 'in'
    this.room = room
    this.hub.enter(room, this)
    if (message.delayMs !== undefined) this.reportDelay(room, message.delayMs)
    const now = this.hub.clock.now()
    const { pos } = message
    const known = pos !== undefined && pos.epoch === this.hub.epoch
    const gap = known ? room.gap(pos.seq) : null
    const personal = this.hub.personal
    const welcome = {
      t: 'welcome',
      v: roomVersion,
      now,
      sentAt: message.sentAt,
      epoch: this.hub.epoch,
      how: gap === null ? 'snapshot' : 'resume',
      you: viewer.member && {
        person: viewer.member.personId,
        name: viewer.member.name,
        mark: viewer.mark ?? undefined,
        desk: viewer.desk,
      },
      frame: room.frame,
      personal: this.hub.pos,
      stale:
        viewer.member !== null && pos !== undefined && (!known || personal.isStale(viewer.member.personId, pos.personal ?? 0)),
      ackMs: this.hub.limits.ackMs,
      heartbeatMs: this.hub.limits.heartbeatMs,
      reconnect: room.reconnectWindow(),
    }
    viewer.wire.write(jsonFrame(welcome))
    if (gap !== 'nothing') viewer.wire.write(gap ?? room.snapshot(now))
    room.seat(viewer)
  }

  /** Who may be here and as whom; the reason when not. */
  private present(room: Room, member: Member | null): CloseReason | null {
    const { viewer } = this
    viewer.member = member
    viewer.mark = member ? (room.marks.get(member.personId) ?? null) : null
    if (member) viewer.who = member.personId
    if (member && room.banned.has(member.personId)) return 'banned'
    return room.entry === 'team' && !this.isTrusted() ? 'not_allowed' : null
  }

  private isTrusted(): boolean {
    return this.viewer.mark !== null || this.viewer.member?.operator === true
  }

  private hear(room: Room, message: Exclude<Up, Join>): void {
    const { viewer, hub } = this
    switch (message.t) {
      case 'ack':
        if (message.frame <= room.frame && message.frame > viewer.acked) viewer.acked = message.frame
        return
      case 'ping':
        viewer.wire.write(jsonFrame({ t: 'pong', sentAt: message.sentAt, now: hub.clock.now() }))
        return
      case 'react':
        room.react(message.kind, message.count)
        return
      case 'delay':
        this.reportDelay(room, message.ms)
        return
      case 'say':
        this.say(room, message.key, message.text)
        return
      case 'auth':
        this.becomes(room, message.token)
        return
      case 'leave':
        viewer.wire.close(1000, '')
        hub.forget(this)
        this.end()
        return
    }
  }

  private reportDelay(room: Room, ms: number): void {
    room.delays.report(this.viewer.delayMs, ms)
    this.viewer.delayMs = ms
  }

  private becomes(room: Room, token: string): void {
    const member = this.hub.memberOf(token)
    if (typeof member === 'string') {
      this.close(member)
      return
    }
    this.hub.unlist(room, this)
    const refusal = this.present(room, member)
    this.hub.enter(room, this)
    if (refusal) {
      this.close(refusal)
      return
    }
    if (this.viewer.desk && !this.isTrusted()) room.reseat(this.viewer, false)
    this.viewer.wire.write(
      jsonFrame({ t: 'you', person: member.personId, name: member.name, mark: this.viewer.mark ?? undefined }),
    )
  }

  private say(room: Room, key: string, text: string): void {
    const { member, mark, wire } = this.viewer
    const refuse = (code: string, params: object = {}) => void wire.write(jsonFrame({ t: 'refused', key, code, params }))
    if (!member) {
      refuse('not_signed_in')
      return
    }
    this.hub.say(room.name, { member, mark, key, text }).then(
      (line) => void wire.write(jsonFrame({ t: 'said', key, line })),
      (problem: Error) => {
        if (problem instanceof Refusal) return refuse(problem.code, problem.params)
        this.hub.log?.warn({ room: room.name, problem: problem.message }, 'a chat line was not kept')
        refuse('busy')
      },
    )
  }
}

function parsed(text: string): Up | null {
  try {
    const message: unknown = JSON.parse(text)
    return upMessage.Check(message) ? (message as Up) : null
  } catch (problem) {
    if (problem instanceof SyntaxError) return null
    throw problem
  }
}
