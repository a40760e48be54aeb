import type { Product } from '@/commerce/product'
import type { RegionSlug } from '@/commerce/region-slugs'
import { publicAddress } from '@/environment'
import { previewAddress } from '@/pictures/address'

/** The product as search engines read it (schema.org Product). */
export function StructuredData({ product, region }: { product: Product; region: RegionSlug }) {
  const url = new URL(`/${region}/products/${product.handle}`, publicAddress()).href
  const text = JSON.stringify({
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: product.title,
    description: product.description,
    image: product.images.map((image) => new URL(previewAddress(image), publicAddress()).href),
    url,
    offers: product.variants.map(({ sku, price, stock }) => ({
      '@type': 'Offer',
      ...(sku ? { sku } : {}),
      price: price.amount,
      priceCurrency: price.currency,
      availability: `https://schema.org/${stock.state === 'out' ? 'OutOfStock' : 'InStock'}`,
      url,
    })),
  })
  return (
    <script
      type="application/ld+json"
      // A product's text must not be able to end the script.
      // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON with every "<" escaped
      dangerouslySetInnerHTML={{ __html: text.replaceAll('<', '\\u003c') }}
    />
  )
}
