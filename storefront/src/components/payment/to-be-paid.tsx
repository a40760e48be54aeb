'use client'

import { useCallback, useState } from 'react'
import { formatMoney } from '@/commerce/money'
import type { Payment } from '@/commerce/payment'
import { useAlive } from './alive'
import { Countdown } from './countdown'
import { PaymentFrame } from './payment-frame'
import { Ways } from './ways'

interface Props {
  payment: Payment
  checkoutLink: string
  /** Looks for news at once. */
  look: () => void
  /** Says words to a screen reader. */
  say: (words: string) => void
}

/** What is due, for how long, and every way to pay it. */
export function ToBePaid({ payment, checkoutLink, look, say }: Props) {
  const [framed, setFramed] = useState(false)
  const isAlive = useAlive()
  const close = useCallback(() => setFramed(false), [])
  const { state, due, paid, total, ways, remainingMs } = payment
  // They differ at most by what a method costs.
  const [way] = ways ?? []
  return (
    <div className="mt-7 border-t border-line pt-6">
      <div className="mb-6">
        <div className="flex justify-between gap-6">
          <div>
            <p className="text-sm font-medium text-muted">
              {state === 'underpaid' ? 'Still to pay' : 'Amount'}
            </p>
            <p className="font-serif text-4xl leading-tight" data-testid="due">
              {formatMoney(due)}
            </p>
          </div>
          {remainingMs !== null && (
            <div className="text-right">
              <p className="text-sm font-medium text-muted">Time left</p>
              <p className="font-serif text-4xl leading-tight">
                <Countdown remainingMs={remainingMs} onSay={say} onEnd={look} />
              </p>
            </div>
          )}
        </div>
        <div className="mt-1 flex flex-wrap justify-between gap-x-6 gap-y-1 tabular-nums">
          {way ? (
            <>
              <p data-testid="due-bitcoin">
                {way.bitcoin} BTC <span className="text-muted">({way.satoshis} sats)</span>
              </p>
              <p className="text-muted">1 BTC = {formatMoney(way.rate)}, held until then</p>
            </>
          ) : (
            <p className="text-muted">The invoice shows the amount in bitcoin.</p>
          )}
          {state === 'underpaid' && (
            <p className="basis-full text-muted">
              Received {formatMoney(paid)} of {formatMoney(total)}
            </p>
          )}
        </div>
      </div>
      {framed ? (
        <PaymentFrame checkoutLink={checkoutLink} onNews={look} onClose={close} />
      ) : (
        <>
          {ways && ways.length > 0 && <Ways ways={ways} />}
          <div
            className={
              ways?.length
                ? 'mt-7 flex flex-wrap items-center gap-x-6 gap-y-3 border-t border-line pt-6'
                : 'flex flex-wrap items-center gap-4'
            }
          >
            {ways?.length ? (
              <p className="grow text-muted">Or pay on the invoice page of our BTCPay Server:</p>
            ) : null}
            <div className="flex flex-wrap gap-3">
              {isAlive && (
                <button
                  type="button"
                  data-testid="pay-here"
                  onClick={() => setFramed(true)}
                  className={ways?.length ? 'button-quiet' : 'button-main'}
                >
                  Pay here
                </button>
              )}
              <a href={checkoutLink} data-testid="open-invoice" className="button-quiet">
                Open the invoice
              </a>
            </div>
          </div>
          <noscript>
            <p className="mt-4 text-muted">
              Without JavaScript this page does not change by itself: please reload it after paying.
            </p>
          </noscript>
        </>
      )}
    </div>
  )
}
