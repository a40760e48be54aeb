'use client'

import { useActionState } from 'react'
import type { DeliveryOption } from '@/commerce/checkout'
import { submitDelivery } from '@/commerce/checkout-actions'
import { formatMoney } from '@/commerce/money'
import type { RegionSlug } from '@/commerce/region-slugs'

interface Props {
  region: RegionSlug
  options: DeliveryOption[]
  chosen: string | undefined
}

/** Step 2. */
export function DeliveryForm({ region, options, chosen }: Props) {
  const [problem, action, pending] = useActionState(submitDelivery, null)
  if (options.length === 0) {
    return <p role="alert">We cannot deliver to this address. Please change it above.</p>
  }
  return (
    <form action={action} className="space-y-3">
      <input type="hidden" name="region" value={region} />
      {options.map(({ id, name, description, price }, index) => (
        <label
          key={id}
          className="flex cursor-pointer items-center gap-4 rounded-lg border border-line bg-card p-4 has-checked:border-pine has-checked:bg-mint"
        >
          <input
            type="radio"
            name="option"
            value={id}
            data-testid="shipping-option"
            defaultChecked={chosen ? id === chosen : index === 0}
            className="size-5 accent-pine"
          />
          <span className="grow">
            <span className="block font-medium">{name}</span>
            <span className="text-sm text-muted">{description}</span>
          </span>
          <span className="font-medium">{formatMoney(price)}</span>
        </label>
      ))}
      {problem && (
        <p role="alert" className="text-alert">
          {problem}
        </p>
      )}
      <button
        type="submit"
        disabled={pending}
        data-testid="submit-delivery"
        className="button-main w-full sm:w-auto"
      >
        {pending ? 'Saving …' : 'Continue to payment'}
      </button>
    </form>
  )
}
