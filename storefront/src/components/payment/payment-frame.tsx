'use client'

import { useEffect, useRef } from 'react'
import { messageOf } from './frame-message'

interface Props {
  checkoutLink: string
  /** BTCPay's page has said something: the shop knows what is true. */
  onNews: () => void
  onClose: () => void
}

/**
 * Wallets may be opened and explorers looked at; our page is never led away, and the script that BTCPay
 * offers for this is not loaded.
 */
const SANDBOX =
  'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-to-custom-protocols'

/** BTCPay's page of the invoice, in our page. */
export function PaymentFrame({ checkoutLink, onNews, onClose }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      const message = messageOf(event, checkoutLink, frame.current?.contentWindow)
      if (message === 'close') onClose()
      if (message === 'news') onNews()
    }
    window.addEventListener('message', hear)
    return () => window.removeEventListener('message', hear)
  }, [checkoutLink, onNews, onClose])
  return (
    <div>
      <iframe
        ref={frame}
        src={`${checkoutLink}?view=modal`}
        title="Payment window of BTCPay Server"
        data-testid="payment-frame"
        sandbox={SANDBOX}
        allow="clipboard-write"
        referrerPolicy="no-referrer"
        className="h-[46rem] max-h-[85svh] w-full rounded-xl border border-line bg-white"
      />
      <button type="button" onClick={onClose} className="button-quiet mt-4">
        Close the payment window
      </button>
    </div>
  )
}
