'use client'

import { useEffect } from 'react'
import { LANGUAGE } from '@/commerce/language'
import { tellOf } from '@/errors/watch-browser'

/** The last resort: even the layout failed, so this page brings its own. */
export default function GlobalError({ error }: { error: Error }) {
  useEffect(() => tellOf(error), [error])
  return (
    <html lang={LANGUAGE}>
      <body style={{ fontFamily: 'system-ui', padding: '4rem 1.5rem', maxWidth: '40rem' }}>
        <h1>Something went wrong on our side.</h1>
        <p>Nothing you have put into your cart is lost. Please try again in a minute.</p>
        <a href="/">Go to the shop</a>
      </body>
    </html>
  )
}
