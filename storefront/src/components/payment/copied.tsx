'use client'

import { useState } from 'react'
import { useAlive } from './alive'

const SHOWN_MS = 2_500

interface Props {
  /** What is it, in a word or two: "Address". */
  name: string
  text: string
}

/** A text to be copied: by the button, or by hand, for which one press chooses all of it. */
export function Copied({ name, text }: Props) {
  const [copied, setCopied] = useState(false)
  const isAlive = useAlive()
  const copy = async () => {
    // Refused by the browser, it can still be copied by hand.
    await navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true)
        setTimeout(() => setCopied(false), SHOWN_MS)
      },
      () => undefined,
    )
  }
  return (
    <div>
      <p className="text-sm font-medium text-muted">{name}</p>
      <div className="mt-1 flex items-center gap-3 rounded-lg border border-line bg-paper py-1 pr-1 pl-3">
        <code className="min-w-0 grow truncate text-sm select-all">{text}</code>
        {isAlive && (
          <button
            type="button"
            onClick={copy}
            aria-label={`Copy: ${name}`}
            className="min-h-11 min-w-20 shrink-0 rounded-md bg-mint px-3 text-sm font-semibold text-pine-dark hover:bg-line"
          >
            <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
          </button>
        )}
      </div>
    </div>
  )
}
