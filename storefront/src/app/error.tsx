'use client'

import { Failed } from '@/components/frame/failed'

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <Failed retry={reset} />
}
