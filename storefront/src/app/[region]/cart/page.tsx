import Link from 'next/link'
import { currentCart } from '@/commerce/cart'
import { regionOf } from '@/commerce/regions'
import { Line } from '@/components/cart/line'
import { Totals } from '@/components/cart/totals'

export const metadata = { title: 'Cart', robots: { index: false } }

export default async function CartPage({ params }: PageProps<'/[region]/cart'>) {
  const { slug } = await regionOf((await params).region)
  const cart = await currentCart(slug)
  if (!cart || cart.lines.length === 0) {
    return (
      <main className="page py-14">
        <h1 className="text-4xl">Your cart is empty.</h1>
        <p className="mt-3 text-lg text-muted">What you add stays here for a month.</p>
        <Link href={`/${slug}`} className="button-main mt-8">
          See the supplies
        </Link>
      </main>
    )
  }
  return (
    <main className="page py-10">
      <h1 className="mb-6 text-4xl">Your cart</h1>
      <div className="grid gap-10 lg:grid-cols-[1fr_22rem]">
        <ul className="divide-y divide-line border-y border-line">
          {cart.lines.map((line) => (
            <Line key={line.id} line={line} region={slug} />
          ))}
        </ul>
        <aside className="h-fit rounded-xl border border-line bg-card p-6">
          <h2 className="mb-4 text-2xl">Summary</h2>
          <Totals cart={cart} region={slug} />
          <Link
            href={`/${slug}/checkout`}
            prefetch={false}
            data-testid="go-to-checkout"
            className="button-main mt-6 w-full"
          >
            Check out
          </Link>
          <p className="mt-4 text-sm text-muted">
            You pay at the end, with Bitcoin. No account is needed.
          </p>
        </aside>
      </div>
    </main>
  )
}
