import Link from 'next/link'
import { Logo } from '@/components/frame/logo'
import { Notice } from '@/components/frame/notice'

export const metadata = { title: 'Order not found', robots: { index: false } }

export default function OrderNotFound() {
  return (
    <>
      <header className="page py-4">
        <Logo href="/" />
      </header>
      <Notice
        title="This order could not be found"
        text="The address may be incomplete, or the link may have been replaced by a newer one. Please use the link in our latest e-mail to you."
      >
        <Link href="/" className="button-main">
          Go to the shop
        </Link>
      </Notice>
    </>
  )
}
