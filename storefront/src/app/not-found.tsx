import Link from 'next/link'
import { Logo } from '@/components/frame/logo'
import { Notice } from '@/components/frame/notice'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <>
      <header className="page py-4">
        <Logo href="/" />
      </header>
      <Notice
        title="This page is not there."
        text="The address may be mistyped, or we may have stopped selling what was here."
      >
        <Link href="/" className="button-main">
          Go to the shop
        </Link>
      </Notice>
    </>
  )
}
