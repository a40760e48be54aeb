'use client'

import { useEffect } from 'react'
import { Failed } from '@/components/frame/failed'
import { tellOf } from '@/errors/watch-browser'

export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  useEffect(() => tellOf(error), [error])
  return <Failed retry={reset} />
}
