import { Copy } from 'lucide-react'
import { useState } from 'react'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useWords } from '../../../ui/words.tsx'

export function CopyButton({ text, children }: { readonly text: string; readonly children?: string }) {
  const words = useWords()
  const [copied, setCopied] = useState(false)
  return (
    <Button size="s" icon={Copy} onPress={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}>
      {copied ? words('common.copied') : (children ?? words('common.copy'))}
    </Button>
  )
}

/** A secret that nobody sees again. */
export function Once({ secret }: { readonly secret: string }) {
  const words = useWords('developers')
  return (
    <Banner tone="ok" title={words('developers.shown_once')} action={<CopyButton text={secret} />}>
      <code className="dev-code" dir="ltr">
        {secret}
      </code>
    </Banner>
  )
}
