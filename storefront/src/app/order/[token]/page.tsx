import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { formatMoney } from '@/commerce/money'
import { orderPage } from '@/commerce/payment'
import { regionOfCurrency } from '@/commerce/region-slugs'
import { CartLink } from '@/components/frame/cart-link'
import { Logo } from '@/components/frame/logo'
import { PaymentStatus } from '@/components/payment/payment-status'

// Whoever has the address sees the order: it must not travel on by search or referrer.
export const metadata: Metadata = {
  title: 'Your order',
  robots: { index: false },
  referrer: 'no-referrer',
}

export default async function OrderPage({ params }: PageProps<'/order/[token]'>) {
  const { token } = await params
  // BTCPay's way back for invoices that were made before links had a secret.
  if (token.startsWith('payses_')) redirect('/order/return/earlier')
  const answer = await orderPage(token)
  if (!answer.ok && answer.failure.kind === 'unavailable') throw new Error(answer.failure.message)
  if (!answer.ok) notFound()
  const { payment, lines } = answer.value
  const region = regionOfCurrency(payment.total.currency)
  return (
    <>
      <header className="border-b border-line">
        <div className="page flex h-16 items-center justify-between">
          <Logo href={`/${region}`} />
          {/* Counted anew when the cart has become an order. */}
          <CartLink key={payment.orderNumber} region={region} />
        </div>
      </header>
      <main className="page max-w-3xl grow py-10">
        <PaymentStatus
          // Another invoice is another payment; the same one is followed on.
          key={payment.reference}
          token={token}
          first={payment}
          region={region}
        />
        <section className="mt-12">
          <h2 className="mb-3 text-2xl">Your items</h2>
          <ul className="divide-y divide-line border-y border-line">
            {lines.map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two lines may be equal, and ids stay at the server
              <li key={index} className="flex justify-between gap-4 py-3">
                <span>
                  {line.quantity} × {[line.title, line.variant].filter(Boolean).join(', ')}
                </span>
                <span className="whitespace-nowrap">{formatMoney(line.total)}</span>
              </li>
            ))}
            <li className="flex justify-between py-3 font-semibold">
              <span>Total with delivery</span>
              <span>{formatMoney(payment.total)}</span>
            </li>
          </ul>
        </section>
      </main>
    </>
  )
}
