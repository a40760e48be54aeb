import { search } from '@/commerce/catalogue'
import { regionOf } from '@/commerce/regions'
import { SearchField } from '@/components/frame/header'
import { ProductGrid } from '@/components/product/grid'

export const metadata = { title: 'Search', robots: { index: false } }

export default async function SearchPage({ params, searchParams }: PageProps<'/[region]/search'>) {
  const region = await regionOf((await params).region)
  const { q } = await searchParams
  const text = typeof q === 'string' ? q : ''
  const answer = await search(region, text)
  const found = answer.ok ? answer.value : []
  return (
    <main className="page py-10">
      <h1 className="mb-5 text-4xl">Search</h1>
      <search>
        <form action={`/${region.slug}/search`} className="mb-9 flex max-w-xl gap-3">
          <SearchField text={text} />
          <button type="submit" className="button-quiet">
            Search
          </button>
        </form>
      </search>
      {!answer.ok && (
        <p role="alert" className="text-lg">
          {answer.failure.message}
        </p>
      )}
      {answer.ok && text !== '' && found.length === 0 && (
        <p className="text-lg">
          Nothing found for “{text}”. Try a shorter word, such as “flask” or “pipette”.
        </p>
      )}
      <ProductGrid products={found} region={region.slug} eager />
    </main>
  )
}
