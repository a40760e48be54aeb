'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { formatMoney } from '@/commerce/money'
import type { Payment } from '@/commerce/payment'
import type { RegionSlug } from '@/commerce/region-slugs'
import { isOpen, wordsOf } from './words'

/** First how often, then how seldom the page asks; a chain's confirmation takes minutes. */
const ASK_MS = 2_000
const ASK_SELDOM_MS = 10_000
const OFTEN_FOR_MS = 3 * 60_000

interface Props {
  /** Secret of the page. */
  token: string
  /** The payment as the server saw it. */
  first: Payment
  region: RegionSlug
}

/** Follows a payment live until it is final. */
export function PaymentStatus({ token, first, region }: Props) {
  const payment = useFollowed(token, first)
  const { state, orderNumber, due, checkoutLink, reference } = payment
  const words = wordsOf(payment)
  const tone = {
    paid: 'bg-mint border-pine',
    seen: 'bg-mint border-pine',
    placed: 'bg-mint border-pine',
  }[state as string]
  return (
    <div
      data-testid="order-status"
      data-status={state}
      aria-live="polite"
      className={`rounded-2xl border p-6 md:p-9 ${tone ?? 'border-line bg-card'}`}
    >
      <h1 className="text-4xl md:text-5xl">{words.title}</h1>
      <p className="mt-4 max-w-prose text-lg">{words.text}</p>
      {(state === 'paid' || state === 'placed' || state === 'cancelled') && (
        <p className="mt-6 text-lg" data-testid={orderNumber ? 'order-number' : undefined}>
          {orderNumber ? (
            <>
              Your order number is <strong className="text-2xl">{orderNumber}</strong>
            </>
          ) : (
            'Placing your order …'
          )}
        </p>
      )}
      {(state === 'waiting' || state === 'underpaid') && checkoutLink && (
        <div className="mt-6 flex flex-wrap items-center gap-4">
          <a href={checkoutLink} className="button-main">
            {state === 'waiting' ? 'Open the invoice' : `Pay the remaining ${formatMoney(due)}`}
          </a>
          {payment.expiresAt && <Remaining until={payment.expiresAt} />}
        </div>
      )}
      {(state === 'expired' || state === 'invalid') && (
        <a href={`/${region}/checkout`} className="button-main mt-6">
          Back to the checkout
        </a>
      )}
      {(state === 'invalid' || state === 'review' || state === 'refunded') && reference && (
        <p className="mt-6 text-muted">
          Payment <code className="break-all">{reference}</code>
        </p>
      )}
    </div>
  )
}

/** Asks for the state again and again; a missed answer changes nothing. */
function useFollowed(token: string, first: Payment): Payment {
  const [payment, setPayment] = useState(first)
  const router = useRouter()
  const open = isOpen(payment.state, payment.orderNumber)
  useEffect(() => {
    if (!open) {
      // The list of things and the header come from the server.
      router.refresh()
      return
    }
    const left = new AbortController()
    const began = Date.now()
    let timer: ReturnType<typeof setTimeout>
    const ask = async () => {
      const answer = await fetch(`/api/payments/${token}`, {
        signal: AbortSignal.any([left.signal, AbortSignal.timeout(15_000)]),
      }).catch(() => null)
      if (left.signal.aborted) return
      if (answer?.ok) setPayment((await answer.json()) as Payment)
      timer = setTimeout(ask, Date.now() - began < OFTEN_FOR_MS ? ASK_MS : ASK_SELDOM_MS)
    }
    timer = setTimeout(ask, ASK_MS)
    return () => {
      left.abort()
      clearTimeout(timer)
    }
  }, [open, token, router])
  return payment
}

/** Minutes and seconds until the invoice ends; shown only in the browser, whose clock it is. */
function Remaining({ until }: { until: string }) {
  const [seconds, setSeconds] = useState<number | null>(null)
  useEffect(() => {
    const tick = () => setSeconds(Math.max(0, Math.round((Date.parse(until) - Date.now()) / 1000)))
    tick()
    const timer = setInterval(tick, 1000)
    return () => clearInterval(timer)
  }, [until])
  if (seconds === null) return null
  return (
    <span role="timer" aria-live="off" className="text-muted">
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')} left
    </span>
  )
}
