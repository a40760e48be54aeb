import Link from 'next/link'
import { categories, collections, products } from '@/commerce/catalogue'
import { regionOf } from '@/commerce/regions'
import { Picture } from '@/components/frame/picture'
import { ProductGrid } from '@/components/product/grid'

// The wall of the catalogue: a cookie or header read on this page fails, so all visitors share it.
export const dynamic = 'error'
export const revalidate = 3600

/** No page is made at build, which needs no Medusa; each is made at its first visit. */
export function generateStaticParams(): { region: string }[] {
  return []
}

/** Products in a collection's row. */
const ROW = 4

export default async function Home({ params }: PageProps<'/[region]'>) {
  const region = await regionOf((await params).region)
  const [shelves, kits] = await Promise.all([categories(), collections()])
  const tiles = await Promise.all(
    shelves.map(async (shelf) => {
      const { products: some, total } = await products(region, { category: shelf.id }, 1, 1)
      return { ...shelf, image: some[0]?.image ?? null, total }
    }),
  )
  const rows = await Promise.all(
    kits.map(async (kit) => ({
      ...kit,
      products: (await products(region, { collection: kit.id }, 1, ROW)).products,
    })),
  )
  const pictured = tiles.filter(({ image }) => image)
  // The last but one is the large picture: a category of instruments shows more than one of glass.
  const hero = [pictured.at(-2), ...pictured.slice(0, 2)].filter((tile) => tile !== undefined)
  return (
    <main>
      <Hero region={region.slug} pictures={hero} />
      <section id="categories" className="page mt-12 scroll-mt-32" aria-label="Categories">
        <ul className="grid grid-cols-2 gap-4 md:grid-cols-5">
          {tiles.map(({ handle, name, image, total }) => (
            <li key={handle}>
              <Link
                href={`/${region.slug}/categories/${handle}`}
                className="group flex h-full items-center gap-3 rounded-xl border border-line bg-card p-2.5 hover:border-pine"
              >
                {image && (
                  <Picture
                    src={image}
                    alt=""
                    width={56}
                    height={56}
                    className="size-14 rounded-lg bg-sand object-cover"
                  />
                )}
                <span>
                  <span className="block leading-tight font-medium group-hover:text-ember">
                    {name}
                  </span>
                  <span className="text-sm text-muted">{total} products</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      {rows.map(({ handle, name, products: some }) => (
        <section key={handle} className="page mt-16">
          <div className="mb-6 flex items-baseline justify-between gap-4">
            <h2 className="text-3xl">{name}</h2>
            <Link
              href={`/${region.slug}/collections/${handle}`}
              className="font-medium underline underline-offset-4 hover:text-ember"
            >
              See all
            </Link>
          </div>
          <ProductGrid products={some} region={region.slug} />
        </section>
      ))}
    </main>
  )
}

interface PicturedShelf {
  handle: string
  name: string
  image: string | null
}

/** What the shop is, with three of its categories in pictures: one large, two beside it. */
function Hero({ region, pictures }: { region: string; pictures: PicturedShelf[] }) {
  return (
    <section className="bg-mint">
      <div className="page grid items-center gap-10 py-10 md:grid-cols-[1.1fr_1fr] md:py-14">
        <div>
          <h1 className="text-4xl leading-[1.05] sm:text-5xl lg:text-6xl">
            Everything on the bench, before the experiment starts.
          </h1>
          <p className="mt-5 max-w-prose text-lg text-ink/80">
            Glassware, pipettes, safety, microscopy, books and instruments for teaching and
            research. Ordered in minutes, paid with Bitcoin.
          </p>
          <a href="#categories" className="button-main mt-8">
            See the supplies
          </a>
        </div>
        <div className="grid grid-cols-3 grid-rows-2 gap-3 md:gap-4">
          {pictures.map(({ handle, name, image }, index) => (
            <Link
              key={handle}
              href={`/${region}/categories/${handle}`}
              className={`relative overflow-hidden rounded-2xl bg-sand ${index === 0 ? 'col-span-2 row-span-2 aspect-square' : 'aspect-square'}`}
            >
              <Picture
                src={image ?? ''}
                alt={name}
                fill
                preload={index === 0}
                sizes={
                  index === 0 ? '(min-width: 768px) 24rem, 66vw' : '(min-width: 768px) 12rem, 33vw'
                }
                className="object-cover"
              />
            </Link>
          ))}
        </div>
      </div>
    </section>
  )
}
