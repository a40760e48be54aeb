'use client'

import Link from 'next/link'
import { useEffect, useState } from 'react'
import type { RegionSlug } from '@/commerce/region-slugs'

/** Tells the header that the cart has changed; the detail is how many pieces it holds. */
const CART_CHANGED = 'rr:cart-changed'

/** Announces a new count of pieces to the header. */
export function announceCart(count: number): void {
  window.dispatchEvent(new CustomEvent(CART_CHANGED, { detail: count }))
}

/** The cart with its count, which comes after the page: pages are the same for all visitors. */
export function CartLink({ region }: { region: RegionSlug }) {
  const [count, setCount] = useState<number | null>(null)

  useEffect(() => {
    const left = new AbortController()
    const changed = (event: Event) => setCount((event as CustomEvent<number>).detail)
    window.addEventListener(CART_CHANGED, changed)
    fetch(`/api/cart/${region}`, { signal: left.signal })
      .then((response) => (response.ok ? response.json() : null))
      .then((answer: { count: number } | null) => answer && setCount(answer.count))
      // The count is a convenience; the cart page tells the truth or the trouble.
      .catch(() => undefined)
    return () => {
      left.abort()
      window.removeEventListener(CART_CHANGED, changed)
    }
  }, [region])

  return (
    <Link
      href={`/${region}/cart`}
      data-testid="cart-link"
      className="flex min-h-11 items-center gap-2 rounded-lg px-3 font-medium hover:bg-mint"
    >
      <svg viewBox="0 0 24 24" className="size-5" fill="none" aria-hidden="true">
        <path
          d="M5 8h14l-1.200 11.500H6.200L5 8zm4 0V6.500a3 3 0 0 1 6 0V8"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinejoin="round"
        />
      </svg>
      <span className="hidden sm:inline">Cart</span>
      <span
        data-testid="cart-count"
        aria-live="polite"
        className={`min-w-6 rounded-full px-1.5 text-center text-sm ${count ? 'bg-ember text-white' : 'text-muted'}`}
      >
        {count ?? ''}
      </span>
    </Link>
  )
}
