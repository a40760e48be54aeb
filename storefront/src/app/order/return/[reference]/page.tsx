import type { Metadata } from 'next'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { isReference, isToken } from '@/commerce/order-page-address'
import { readOrderPage } from '@/commerce/order-page-cookie'
import { Logo } from '@/components/frame/logo'
import { Notice } from '@/components/frame/notice'

export const metadata: Metadata = {
  title: 'Your payment',
  robots: { index: false },
  referrer: 'no-referrer',
}

/**
 * Where BTCPay sends shoppers back to. The browser that began the payment goes on to the order's page; for any
 * other, this page is the same whatever became of the payment, and whether there is one at all.
 */
export default async function ReturnPage({ params }: PageProps<'/order/return/[reference]'>) {
  const token = await readOrderPage()
  if (token && isToken(token)) redirect(`/order/${token}`)
  const { reference } = await params
  return (
    <>
      <header className="page py-4">
        <Logo href="/" />
      </header>
      <Notice
        title="Your payment is being processed"
        text="If you have paid, there is nothing more for you to do. We place your order as soon as the payment is confirmed, usually within an hour, and e-mail you a link to its page. We cannot show the order here, because this is not the browser in which you checked out, or its cookies have been deleted."
      >
        <div className="max-w-prose space-y-4 text-lg text-muted">
          <p>
            No e-mail? Please look in your spam folder first. If nothing has come after two hours,
            write to{' '}
            <a href="mailto:owner@research-relay.com" className="underline">
              owner@research-relay.com
            </a>{' '}
            from the address that you ordered with
            {isReference(reference) ? (
              <>
                {' '}
                and mention payment <code>{reference}</code>
              </>
            ) : null}
            .
          </p>
          <Link href="/" className="button-main">
            Go to the shop
          </Link>
        </div>
      </Notice>
    </>
  )
}
