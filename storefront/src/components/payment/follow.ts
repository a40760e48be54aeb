'use client'

import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Payment } from '@/commerce/payment'
import { askAfterMs } from './ask-after'
import { isOpen } from './words'

const TIMEOUT_MS = 15_000
/** However much the payment window says, it is asked no more often. */
const LEAST_MS = 1_000

/** A payment, and how to look for news at once. */
export interface Followed {
  payment: Payment
  look: () => void
}

/**
 * Asks for the state of a payment again and again until it is final, while the page is visible; a missed
 * answer changes nothing. A page that is looked at again asks at once, final or not: a payment may have been
 * begun anew in another tab.
 */
export function useFollowed(token: string, first: Payment): Followed {
  const [payment, setPayment] = useState(first)
  const router = useRouter()
  const open = isOpen(payment.state, payment.orderNumber)
  const wasOpen = useRef(open)
  const asks = useRef<() => void>(() => undefined)

  useEffect(() => {
    // What was chosen and the cart in the header come from the server.
    if (wasOpen.current !== open) router.refresh()
    wasOpen.current = open
    const left = new AbortController()
    const began = performance.now()
    let lastAsked = Number.NEGATIVE_INFINITY
    let failures = 0
    let isAsking = false
    let timer: ReturnType<typeof setTimeout>
    const later = (ms: number) => {
      clearTimeout(timer)
      if (!document.hidden) timer = setTimeout(ask, ms)
    }
    const ask = async () => {
      clearTimeout(timer)
      const sinceMs = performance.now() - lastAsked
      if (isAsking) return
      if (sinceMs < LEAST_MS) return later(LEAST_MS - sinceMs)
      lastAsked = performance.now()
      isAsking = true
      const answer = await fetch(`/api/payments/${token}`, {
        signal: AbortSignal.any([left.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
        .then((response) => (response.ok ? (response.json() as Promise<Payment>) : null))
        .catch(() => null)
      isAsking = false
      if (left.signal.aborted) return
      failures = answer ? 0 : failures + 1
      if (answer) setPayment(answer)
      if (open) later(askAfterMs(performance.now() - began, failures))
    }
    const seen = () => (document.hidden ? clearTimeout(timer) : void ask())
    asks.current = () => void ask()
    document.addEventListener('visibilitychange', seen, { signal: left.signal })
    // A page that the browser kept for "back" shows what was.
    window.addEventListener('pageshow', ({ persisted }) => persisted && ask(), {
      signal: left.signal,
    })
    if (open) later(askAfterMs(0, 0))
    return () => {
      left.abort()
      clearTimeout(timer)
    }
  }, [open, token, router])

  return { payment, look: useCallback(() => asks.current(), []) }
}
