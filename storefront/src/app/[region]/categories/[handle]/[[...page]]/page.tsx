import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { categories, products } from '@/commerce/catalogue'
import { regionOf } from '@/commerce/regions'
import { ProductGrid } from '@/components/product/grid'
import { Pages } from '@/components/product/pages'

export const dynamic = 'error'
export const revalidate = 3600

type Props = PageProps<'/[region]/categories/[handle]/[[...page]]'>

export function generateStaticParams(): { region: string; handle: string; page: string[] }[] {
  return []
}

/** The category and page number of an address; any other address is not there. */
async function read(params: Props['params']) {
  const { region: slug, handle, page = [] } = await params
  const region = await regionOf(slug)
  const category = (await categories()).find((each) => each.handle === handle)
  const [text = '1', ...more] = page
  // Page 1 has one address only.
  if (!category || more.length > 0 || !/^[1-9]\d{0,3}$/.test(text) || page[0] === '1') notFound()
  return { region, category, number: Number(text) }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { region, category, number } = await read(params)
  const base = `/${region.slug}/categories/${category.handle}`
  return {
    title: number === 1 ? category.name : `${category.name}, page ${number}`,
    description: category.description,
    alternates: { canonical: number === 1 ? base : `${base}/${number}` },
  }
}

export default async function CategoryPage({ params }: Props) {
  const { region, category, number } = await read(params)
  const list = await products(region, { category: category.id }, number)
  if (number > list.pages) notFound()
  return (
    <main className="page py-10">
      <h1 className="text-4xl md:text-5xl">{category.name}</h1>
      <p className="mt-3 mb-9 max-w-prose text-lg text-muted">{category.description}</p>
      <ProductGrid products={list.products} region={region.slug} eager />
      <Pages
        base={`/${region.slug}/categories/${category.handle}`}
        page={number}
        pages={list.pages}
      />
    </main>
  )
}
