'use client'

import Link from 'next/link'
import { useEffect, useState, useTransition } from 'react'
import { addToCart } from '@/commerce/cart-actions'
import { formatMoney } from '@/commerce/money'
import type { Product, Stock, Variant } from '@/commerce/product'
import { REGIONS, type RegionSlug } from '@/commerce/region-slugs'
import { announceCart } from '../frame/cart-link'

interface Props {
  region: RegionSlug
  options: Product['options']
  variants: Variant[]
}

/** Choice of a variant, its price and stock, and the button. The address keeps the choice. */
export function Purchase({ region, options, variants }: Props) {
  const first = variants.find(({ stock }) => stock.state !== 'out') ?? variants[0]
  const [variant, setVariant] = useState(first)
  const [quantity, setQuantity] = useState(1)
  const [answer, setAnswer] = useState<{ ok: boolean; text: string } | null>(null)
  const [pending, startTransition] = useTransition()

  useEffect(() => {
    const wanted = new URLSearchParams(window.location.search).get('variant')
    const found = variants.find(({ id }) => id === wanted)
    if (found) setVariant(found)
  }, [variants])

  if (!variant) return null

  const choose = (title: string, value: string) => {
    const wanted = { ...variant.options, [title]: value }
    const matches = (each: Variant) =>
      Object.entries(wanted).every(([name, chosen]) => each.options[name] === chosen)
    // Where the exact combination is not made, the new choice wins over the old ones.
    const found =
      variants.find(matches) ?? variants.find(({ options: own }) => own[title] === value)
    if (!found) return
    setVariant(found)
    setAnswer(null)
    window.history.replaceState(null, '', `?variant=${found.id}`)
  }

  const add = () =>
    startTransition(async () => {
      try {
        const result = await addToCart({ region, variantId: variant.id, quantity })
        if (result.ok) announceCart(result.value.count)
        setAnswer(
          result.ok
            ? { ok: true, text: 'It is in your cart.' }
            : { ok: false, text: result.failure.message },
        )
      } catch {
        setAnswer({ ok: false, text: 'The shop did not answer. Please try again.' })
      }
    })

  const soldOut = variant.stock.state === 'out'
  return (
    <div className="space-y-6">
      <p className="text-3xl font-medium">
        {formatMoney(variant.price)}
        <span className="mt-1 block text-sm font-normal text-muted">{REGIONS[region].tax}</span>
      </p>
      {options.map(({ title, values }) => (
        <fieldset key={title}>
          <legend className="mb-2 font-medium">
            {title}: <span className="font-normal">{variant.options[title]}</span>
          </legend>
          <div className="flex flex-wrap gap-2">
            {values.map((value) => (
              <button
                key={value}
                type="button"
                data-testid={`option-${value}`}
                aria-pressed={variant.options[title] === value}
                onClick={() => choose(title, value)}
                className="min-h-11 rounded-lg border border-line bg-card px-4 hover:border-pine aria-pressed:border-pine aria-pressed:bg-mint aria-pressed:font-semibold"
              >
                {value}
              </button>
            ))}
          </div>
        </fieldset>
      ))}
      <StockLine stock={variant.stock} />
      <div className="flex gap-3">
        <label className="w-24 shrink-0">
          <span className="sr-only">Quantity</span>
          <input
            type="number"
            min={1}
            max={99}
            value={quantity}
            onChange={(event) => setQuantity(Math.max(1, Number(event.target.value) || 1))}
            className="field"
          />
        </label>
        <button
          type="button"
          data-testid="add-to-cart"
          disabled={soldOut || pending}
          onClick={add}
          className="button-main grow"
        >
          {soldOut ? 'Sold out' : pending ? 'Adding …' : 'Add to cart'}
        </button>
      </div>
      <p aria-live="polite" className="min-h-6">
        {answer && (
          <span className={answer.ok ? 'text-pine' : 'text-alert'}>
            {answer.text}{' '}
            {answer.ok && (
              <Link href={`/${region}/cart`} className="font-semibold underline">
                See the cart
              </Link>
            )}
          </span>
        )}
      </p>
    </div>
  )
}

function StockLine({ stock }: { stock: Stock }) {
  if (stock.state === 'out') return <p className="text-alert">None left at the moment.</p>
  return (
    <p className={stock.state === 'low' ? 'font-medium text-ember' : 'text-pine'}>
      {stock.state === 'low' ? `Only ${stock.left} left` : 'In stock'}
    </p>
  )
}
