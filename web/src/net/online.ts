import { useSyncExternalStore } from 'react'

/** The browser's own word, corrected by what calls find out: it says "online" behind a dead router. */
let answers = true
const listeners = new Set<() => void>()
const tell = () => {
  for (const one of listeners) one()
}

export function noteAnswer(came: boolean): void {
  if (came === answers) return
  answers = came
  tell()
}

export const isOnline = (): boolean => navigator.onLine && answers

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  const back = () => {
    answers = true
    listener()
  }
  addEventListener('online', back)
  addEventListener('offline', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('online', back)
    removeEventListener('offline', listener)
  }
}

export const useOnline = (): boolean => useSyncExternalStore(subscribe, isOnline)
