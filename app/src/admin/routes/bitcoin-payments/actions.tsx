import { Button, toast, usePrompt } from '@medusajs/ui'
import { useState } from 'react'
import type { ListedPayment } from '../../../api/admin/bitcoin-payments/listed'
import { ask } from '../../ask'
import { money } from './money'

interface ActionsProps {
  payment: ListedPayment
  /** Reads the payments anew. */
  changed(): Promise<void>
}

/** What the owner can do about a payment, on the list and on its order's page. */
export function PaymentActions({ payment, changed }: ActionsProps) {
  const prompt = usePrompt()
  const [pending, setPending] = useState(false)
  const { reference, outcome, reason, currency_code: currency } = payment

  const act = async (action: 'check' | 'refunded' | 'offer', done: string) => {
    setPending(true)
    const asked = await ask(`/bitcoin-payments/${reference}/${action}`, 'POST')
    if (asked.ok) toast.success(done)
    else toast.error('Nothing was changed', { description: asked.sentence })
    await changed()
    setPending(false)
  }
  const offer = async () => {
    const agreed = await prompt({
      title: `Offer ${money(payment.owed_amount, currency)} back?`,
      description: `BTCPay makes a claim link over this amount, and ${payment.email ?? 'the shopper, if there is an address,'} gets it by mail. Whoever claims it is paid from your wallet, and no order is placed for this money any more.`,
      confirmText: 'Yes, offer it',
      cancelText: 'Cancel',
    })
    if (agreed) await act('offer', 'The claim link is on its way')
  }
  const left = String(Number(payment.owed_amount) + Number(payment.offered_amount))
  const markRefunded = async () => {
    const agreed = await prompt({
      title: 'Was this money sent back?',
      description: `This sends nothing by itself. Confirm that you have sent ${money(left, currency)} by other means. What is claimed by a link is seen without this.`,
      confirmText: 'Yes, it was refunded',
      cancelText: 'Cancel',
    })
    if (agreed) await act('refunded', 'Closed as refunded')
  }

  return (
    <div className="flex justify-end gap-2 whitespace-nowrap">
      <Button
        variant="secondary"
        size="small"
        isLoading={pending}
        onClick={() => act('check', 'BTCPay was asked')}
      >
        Check now
      </Button>
      {payment.owed_amount !== '0' && (
        <Button variant="secondary" size="small" disabled={pending} onClick={offer}>
          Offer back
        </Button>
      )}
      {(outcome === 'review' || reason === 'surplus') && (
        <Button variant="secondary" size="small" disabled={pending} onClick={markRefunded}>
          Refunded
        </Button>
      )}
    </div>
  )
}
