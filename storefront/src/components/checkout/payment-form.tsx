'use client'

import { useActionState } from 'react'
import { submitPayment } from '@/commerce/checkout-actions'
import { formatMoney, isZero, type Money } from '@/commerce/money'
import type { RegionSlug } from '@/commerce/region-slugs'

interface Props {
  region: RegionSlug
  /** What is paid. */
  total: Money
}

/** Step 3: leads to BTCPay's page with the invoice, or places an order that costs nothing. */
export function PaymentForm({ region, total }: Props) {
  const [problem, action, pending] = useActionState(submitPayment, null)
  const isFree = isZero(total)
  return (
    <form action={action} className="space-y-4">
      <input type="hidden" name="region" value={region} />
      {isFree ? (
        <p className="max-w-prose">
          There is nothing to pay: your discount covers the whole order. We place it as soon as you
          confirm.
        </p>
      ) : (
        <p className="max-w-prose">
          You get an invoice over <strong>{formatMoney(total)}</strong> with the amount in bitcoin,
          on chain or by Lightning. The rate holds while the invoice is open. Your order is placed
          as soon as the payment is there; you may close this window after paying.
        </p>
      )}
      {problem && (
        <p role="alert" className="text-alert">
          {problem}
        </p>
      )}
      <button
        type="submit"
        disabled={pending}
        data-testid={isFree ? 'place-order' : 'pay-with-bitcoin'}
        className="button-main w-full text-lg sm:w-auto"
      >
        {!isFree && <BitcoinSign />}
        {isFree && (pending ? 'Placing your order …' : 'Place order')}
        {!isFree && (pending ? 'Making the invoice …' : 'Pay with Bitcoin')}
      </button>
    </form>
  )
}

function BitcoinSign() {
  return (
    <svg viewBox="0 0 24 24" className="size-6" aria-hidden="true">
      <circle cx="12" cy="12" r="11" fill="#f7931a" />
      <path
        d="M9 6.500v11M9 6.500h4.200a2.600 2.600 0 0 1 0 5.300H9m0 0h4.800a2.850 2.850 0 0 1 0 5.700H9M11 4.800v1.700m2.500-1.700v1.700M11 17.500v1.700m2.500-1.700v1.700M7.500 6.500H9m-1.500 11H9"
        fill="none"
        stroke="white"
        strokeWidth="1.7"
      />
    </svg>
  )
}
