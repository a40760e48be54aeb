'use client'

import { useEffect, useRef, useState } from 'react'
import { clockOf, spokenAt } from './time-left'

interface Props {
  /** Milliseconds that were left when the server was asked. */
  remainingMs: number
  /** Called with words for a screen reader, a few times. */
  onSay: (words: string) => void
  /** The time has run out: there may be news. */
  onEnd: () => void
}

/** Minutes and seconds until the invoice ends. The shopper's clock is not asked what time it is. */
export function Countdown({ remainingMs, onSay, onEnd }: Props) {
  const [seconds, setSeconds] = useState(Math.ceil(remainingMs / 1_000))
  const before = useRef(seconds)
  useEffect(() => {
    const end = performance.now() + remainingMs
    const tick = () => {
      const now = Math.max(0, Math.ceil((end - performance.now()) / 1_000))
      const spoken = spokenAt(before.current, now)
      if (spoken) onSay(spoken)
      if (now === 0 && before.current > 0) onEnd()
      before.current = now
      setSeconds(now)
    }
    tick()
    const timer = setInterval(tick, 1_000)
    return () => clearInterval(timer)
  }, [remainingMs, onSay, onEnd])
  return (
    <span role="timer" aria-live="off" data-testid="countdown" className="tabular-nums">
      {clockOf(seconds)}
    </span>
  )
}
