import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { Banner } from '../../ui/Banner.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useLanguage, useWords } from '../../ui/words.tsx'
import { type FromForm, isPayMessage, type PayTerms, type ToForm } from './pay-messages.ts'
import type { PayForm } from './pay-terms.ts'

export interface PayFrameProps {
  readonly account: string
  /** Absent while only an answer is asked for. */
  readonly terms?: PayTerms
  /** The bank's question of this payment is answered inside. */
  readonly secret?: string
  readonly onAnswered?: () => void
  readonly ref?: Ref<PayForm>
}

/** The provider's own form on a page of its own: what is typed there, and the provider's script, never touch this one. */
export function PayFrame({ account, terms, secret, onAnswered, ref }: PayFrameProps) {
  const words = useWords('checkout')
  const { locale } = useLanguage()
  const frame = useRef<HTMLIFrameElement>(null)
  const waiting = useRef(new Map<number, (token: string | null) => void>())
  const asks = useRef(0)
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading')
  const [height, setHeight] = useState(0)
  const answered = useRef(onAnswered)
  answered.current = onAnswered

  const say = (message: ToForm) => frame.current?.contentWindow?.postMessage(message, location.origin)

  useEffect(() => {
    const hear = (event: MessageEvent<unknown>) => {
      if (event.origin !== location.origin || event.source !== frame.current?.contentWindow || !isPayMessage(event.data)) return
      const message = event.data as unknown as FromForm
      if (message.said === 'ready') setState(message.ok ? 'ready' : 'failed')
      else if (message.said === 'height') setHeight(Math.min(message.px, 1_500))
      else if (message.said === 'answered') answered.current?.()
      else {
        waiting.current.get(message.ask)?.(message.token)
        waiting.current.delete(message.ask)
      }
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: said again when the sum changes
  useEffect(() => {
    if (state === 'ready' && terms) say({ efir: 'pay', do: 'show', terms, locale })
  }, [state, terms?.amount, terms?.currency, terms?.captureMethod, locale])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each question
  useEffect(() => {
    if (state === 'ready' && secret) say({ efir: 'pay', do: 'answer', ask: ++asks.current, secret })
  }, [state, secret])

  useImperativeHandle(ref, () => ({
    submit: () =>
      new Promise((resolve) => {
        if (state !== 'ready') return resolve(null)
        const ask = ++asks.current
        waiting.current.set(ask, resolve)
        say({ efir: 'pay', do: 'submit', ask })
      }),
  }))

  if (state === 'failed')
    return (
      <Banner tone="danger" title={words('checkout.form_missing')}>
        {words('checkout.form_missing_text')}
      </Banner>
    )
  return (
    <>
      {state === 'loading' ? <Skeleton height="120px" /> : null}
      <iframe
        ref={frame}
        className="pay-frame"
        src={`/pay/${account}`}
        title={words('checkout.form_title')}
        allow="payment *"
        height={secret ? 460 : Math.max(height, state === 'ready' ? 80 : 0)}
      />
    </>
  )
}
