import type { ProductSummary } from '@/commerce/product'
import type { RegionSlug } from '@/commerce/region-slugs'
import { ProductCard } from './card'

/** Cards of the first row of a list are fetched at once. */
const EAGER = 4

interface Props {
  products: ProductSummary[]
  region: RegionSlug
  eager?: boolean
}

export function ProductGrid({ products, region, eager = false }: Props) {
  return (
    <ul className="grid grid-cols-2 gap-x-4 gap-y-9 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-4">
      {products.map((product, index) => (
        <li key={product.handle}>
          <ProductCard product={product} region={region} eager={eager && index < EAGER} />
        </li>
      ))}
    </ul>
  )
}
