'use client'

import { useEffect, useRef, useState } from 'react'
import type { Payment, PaymentState } from '@/commerce/payment'
import type { RegionSlug } from '@/commerce/region-slugs'
import { useFollowed } from './follow'
import { PayAgain } from './pay-again'
import { ToBePaid } from './to-be-paid'
import { wordsOf } from './words'

interface Props {
  /** Secret of the page. */
  token: string
  /** The payment as the server saw it. */
  first: Payment
  region: RegionSlug
}

const GOOD = 'border-pine bg-mint'
const LOOKED_AT = 'border-ember/60 bg-sand'
const TONES: { [state in PaymentState]?: string } = {
  paid: GOOD,
  seen: GOOD,
  placed: GOOD,
  review: LOOKED_AT,
  invalid: LOOKED_AT,
}

/** Follows a payment live until it is final. */
export function PaymentStatus({ token, first, region }: Props) {
  const { payment, look } = useFollowed(token, first)
  const [said, say] = useState('')
  const { state, orderNumber, checkoutLink, reference } = payment
  const words = wordsOf(payment)
  const spoken = `${words.title} ${words.text}`
  const before = useRef(spoken)
  useEffect(() => {
    if (before.current !== spoken) say(spoken)
    before.current = spoken
  }, [spoken])
  return (
    <div
      data-testid="order-status"
      data-status={state}
      className={`rounded-2xl border p-5 sm:p-8 ${TONES[state] ?? 'border-line bg-card'}`}
    >
      {/* Changes of state and a few of the minutes left: the rest of the page would be too much to hear. */}
      <p role="status" className="sr-only">
        {said}
      </p>
      <h1 className="text-4xl md:text-5xl">{words.title}</h1>
      <p className="mt-4 max-w-prose text-lg text-pretty">{words.text}</p>
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
        <ToBePaid payment={payment} checkoutLink={checkoutLink} look={look} say={say} />
      )}
      {(state === 'expired' || state === 'invalid') && <PayAgain token={token} region={region} />}
      {(state === 'invalid' || state === 'review' || state === 'refunded') && reference && (
        <p className="mt-6 text-muted">
          Payment <code className="break-all">{reference}</code>
        </p>
      )}
    </div>
  )
}
