'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import type { CartLine } from '@/commerce/cart'
import { changeLine } from '@/commerce/cart-actions'
import { formatMoney } from '@/commerce/money'
import type { RegionSlug } from '@/commerce/region-slugs'
import { Picture } from '@/components/frame/picture'

/** One line of the cart with its quantity; works without script, too. */
export function Line({ line, region }: { line: CartLine; region: RegionSlug }) {
  const [problem, action, pending] = useActionState(changeLine, null)
  return (
    <li data-testid="cart-line" className="flex gap-4 py-5">
      <div className="relative size-24 shrink-0 overflow-hidden rounded-lg bg-sand sm:size-28">
        {line.image && (
          <Picture src={line.image} alt="" fill sizes="7rem" className="object-cover" />
        )}
      </div>
      <div className="flex grow flex-col gap-2">
        <div className="flex justify-between gap-4">
          <div>
            <Link
              href={`/${region}/products/${line.handle}`}
              className="font-semibold hover:text-ember"
            >
              {line.title}
            </Link>
            <p className="text-sm text-muted">
              {line.variant} · {formatMoney(line.unitPrice)} each
            </p>
          </div>
          <p className="font-medium whitespace-nowrap">{formatMoney(line.total)}</p>
        </div>
        <form action={action} className="flex items-center gap-1">
          <input type="hidden" name="region" value={region} />
          <input type="hidden" name="lineId" value={line.id} />
          <Step to={line.quantity - 1} label={`One less of ${line.title}`} disabled={pending}>
            −
          </Step>
          <span aria-live="polite" className="min-w-9 text-center font-medium">
            {line.quantity}
          </span>
          <Step to={line.quantity + 1} label={`One more of ${line.title}`} disabled={pending}>
            +
          </Step>
          <button
            type="submit"
            name="quantity"
            value={0}
            disabled={pending}
            className="ml-2 min-h-11 px-2 text-sm text-muted underline underline-offset-4 hover:text-alert"
          >
            Remove
          </button>
        </form>
        {problem && (
          <p role="alert" className="text-sm text-alert">
            {problem}
          </p>
        )}
      </div>
    </li>
  )
}

interface StepProps {
  to: number
  label: string
  disabled: boolean
  children: string
}

function Step({ to, label, disabled, children }: StepProps) {
  return (
    <button
      type="submit"
      name="quantity"
      value={to}
      aria-label={label}
      disabled={disabled}
      className="size-11 rounded-lg border border-line bg-card text-lg hover:border-pine"
    >
      {children}
    </button>
  )
}
