'use client'

import { Notice } from './notice'

/** A page that could not be made; what was put into the cart is kept by the backend. */
export function Failed({ retry }: { retry: () => void }) {
  return (
    <Notice
      title="Something went wrong on our side."
      text="Nothing you have put into your cart is lost, and no payment is made twice. Please try again in a minute."
    >
      <button type="button" onClick={retry} className="button-main">
        Try again
      </button>
      <a href="/" className="button-quiet">
        Go to the shop
      </a>
    </Notice>
  )
}
