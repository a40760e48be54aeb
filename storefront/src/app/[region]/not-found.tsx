import { Notice } from '@/components/frame/notice'

export default function NotFound() {
  return (
    <Notice
      title="This page is not there."
      text="The address may be mistyped, or we may have stopped selling what was here."
    >
      <a href="/" className="button-main">
        Go to the shop
      </a>
    </Notice>
  )
}
