import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { product as findProduct } from '@/commerce/catalogue'
import { regionOf } from '@/commerce/regions'
import { Picture } from '@/components/frame/picture'
import { Purchase } from '@/components/product/purchase'
import { StructuredData } from '@/components/product/structured-data'
import { previewAddress } from '@/pictures/address'

export const dynamic = 'error'
export const revalidate = 3600

type Props = PageProps<'/[region]/products/[handle]'>

export function generateStaticParams(): { region: string; handle: string }[] {
  return []
}

async function read(params: Props['params']) {
  const { region: slug, handle } = await params
  const region = await regionOf(slug)
  const product = await findProduct(region, handle)
  if (!product) notFound()
  return { region, product }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { region, product } = await read(params)
  return {
    title: product.title,
    description: product.description,
    alternates: { canonical: `/${region.slug}/products/${product.handle}` },
    openGraph: { images: product.image ? [previewAddress(product.image)] : [] },
  }
}

export default async function ProductPage({ params }: Props) {
  const { region, product } = await read(params)
  const { title, subtitle, description, image, category, facts } = product
  return (
    <main className="page py-8 md:py-12">
      <StructuredData product={product} region={region.slug} />
      {category && (
        <nav aria-label="You are here" className="mb-5 text-muted">
          <Link
            href={`/${region.slug}/categories/${category.handle}`}
            className="underline underline-offset-4 hover:text-ember"
          >
            {category.name}
          </Link>
        </nav>
      )}
      <div className="grid gap-8 md:grid-cols-2 md:gap-14">
        <div className="relative aspect-square overflow-hidden rounded-2xl bg-sand">
          {image && (
            <Picture
              src={image}
              alt={title}
              fill
              preload
              sizes="(min-width: 768px) 36rem, 100vw"
              className="object-cover"
            />
          )}
        </div>
        <div>
          <h1 className="text-4xl md:text-5xl">{title}</h1>
          <p className="mt-2 mb-6 text-lg text-muted">{subtitle}</p>
          <Purchase region={region.slug} options={product.options} variants={product.variants} />
          <p className="mt-4 max-w-prose leading-relaxed">{description}</p>
          {facts.length > 0 && (
            <dl className="mt-8 divide-y divide-line border-y border-line">
              {facts.map(([name, value]) => (
                <div key={name} className="grid grid-cols-[10rem_1fr] gap-4 py-2.5">
                  <dt className="text-muted">{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </div>
      </div>
    </main>
  )
}
