import Link from 'next/link'
import { formatMoney } from '@/commerce/money'
import type { ProductSummary } from '@/commerce/product'
import type { RegionSlug } from '@/commerce/region-slugs'
import { Picture } from '@/components/frame/picture'

interface Props {
  product: ProductSummary
  region: RegionSlug
  /** Above the fold: fetched at once. */
  eager?: boolean
}

export function ProductCard({ product, region, eager = false }: Props) {
  const { handle, title, subtitle, image, from, severalPrices, soldOut } = product
  return (
    <Link
      href={`/${region}/products/${handle}`}
      data-testid="product-card"
      className="group flex flex-col"
    >
      <div className="relative aspect-square overflow-hidden rounded-xl bg-sand">
        {image && (
          <Picture
            src={image}
            alt=""
            fill
            sizes="(min-width: 1024px) 18rem, (min-width: 640px) 33vw, 50vw"
            loading={eager ? 'eager' : 'lazy'}
            className="object-cover transition-transform duration-300 group-hover:scale-[1.03]"
          />
        )}
        {soldOut && (
          <span className="absolute top-3 left-3 rounded-full bg-ink px-3 py-1 text-sm text-white">
            Sold out
          </span>
        )}
      </div>
      <h3 className="mt-3 font-sans text-base font-semibold tracking-normal group-hover:text-ember">
        {title}
      </h3>
      <p className="text-sm text-muted">{subtitle}</p>
      <p className="mt-1">
        {severalPrices && <span className="text-sm text-muted">from </span>}
        <span className="font-medium">{formatMoney(from)}</span>
      </p>
    </Link>
  )
}
