import type { ReactNode } from 'react'
import { categories } from '@/commerce/catalogue'
import { regionOf } from '@/commerce/regions'
import { Footer } from '@/components/frame/footer'
import { Header } from '@/components/frame/header'

interface Props {
  children: ReactNode
  params: Promise<{ region: string }>
}

export default async function RegionLayout({ children, params }: Props) {
  const region = await regionOf((await params).region)
  const shelves = await categories()
  return (
    <>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-card focus:p-3"
      >
        Skip to content
      </a>
      <Header region={region.slug} categories={shelves} />
      <div id="content" className="flex grow flex-col">
        {children}
      </div>
      <Footer region={region.slug} categories={shelves} />
    </>
  )
}
