import type { MetadataRoute } from 'next'
import { categories, collections, productHandles } from '@/commerce/catalogue'
import { REGIONS } from '@/commerce/region-slugs'
import { publicAddress } from '@/environment'

// Made at a visit from cached data: the build needs no Medusa.
export const dynamic = 'force-dynamic'

export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const [shelves, kits, handles] = await Promise.all([
    categories(),
    collections(),
    productHandles(),
  ])
  const paths = [
    '',
    ...shelves.map(({ handle }) => `/categories/${handle}`),
    ...kits.map(({ handle }) => `/collections/${handle}`),
    ...handles.map((handle) => `/products/${handle}`),
  ]
  return Object.keys(REGIONS).flatMap((region) =>
    paths.map((path) => ({ url: new URL(`/${region}${path}`, publicAddress()).href })),
  )
}
