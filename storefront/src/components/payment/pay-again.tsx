'use client'

import { useActionState } from 'react'
import { submitPaymentAgain } from '@/commerce/checkout-actions'
import type { RegionSlug } from '@/commerce/region-slugs'

interface Props {
  /** Secret of the page. */
  token: string
  region: RegionSlug
}

/** Asks for a fresh invoice in place of one that has ended. */
export function PayAgain({ token, region }: Props) {
  const [problem, action, pending] = useActionState(submitPaymentAgain, null)
  return (
    <form action={action} className="mt-6">
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="region" value={region} />
      {problem && (
        <p role="alert" className="mb-4 text-alert">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap gap-3">
        <button type="submit" disabled={pending} data-testid="pay-again" className="button-main">
          {pending ? 'Making the invoice …' : 'Get a new invoice'}
        </button>
        <a href={`/${region}/cart`} className="button-quiet">
          Back to your cart
        </a>
      </div>
    </form>
  )
}
