import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { collections, products } from '@/commerce/catalogue'
import { regionOf } from '@/commerce/regions'
import { ProductGrid } from '@/components/product/grid'

export const dynamic = 'error'
export const revalidate = 3600

/** A collection is put together by hand and fits on one page. */
const COLLECTION_SIZE = 100

type Props = PageProps<'/[region]/collections/[handle]'>

export function generateStaticParams(): { region: string; handle: string }[] {
  return []
}

async function read(params: Props['params']) {
  const { region: slug, handle } = await params
  const region = await regionOf(slug)
  const collection = (await collections()).find((each) => each.handle === handle)
  if (!collection) notFound()
  return { region, collection }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { region, collection } = await read(params)
  return {
    title: collection.name,
    alternates: { canonical: `/${region.slug}/collections/${collection.handle}` },
  }
}

export default async function CollectionPage({ params }: Props) {
  const { region, collection } = await read(params)
  const list = await products(region, { collection: collection.id }, 1, COLLECTION_SIZE)
  return (
    <main className="page py-10">
      <h1 className="mb-9 text-4xl md:text-5xl">{collection.name}</h1>
      <ProductGrid products={list.products} region={region.slug} eager />
    </main>
  )
}
