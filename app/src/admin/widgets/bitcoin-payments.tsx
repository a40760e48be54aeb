import { defineWidgetConfig } from '@medusajs/admin-sdk'
import type { AdminOrder, DetailWidgetProps } from '@medusajs/framework/types'
import { Badge, Container, Heading, Text } from '@medusajs/ui'
import { useCallback, useEffect, useState } from 'react'
import type {
  OrderPayment,
  OrderPayments,
  Refund,
  SeenPayment,
} from '../../api/admin/orders/[id]/bitcoin-payments/order-payments'
import { ask } from '../ask'
import { PaymentActions } from '../routes/bitcoin-payments/actions'
import { money } from '../routes/bitcoin-payments/money'
import { colourOf, OUTCOMES, type OutcomeName, REASONS } from '../routes/bitcoin-payments/words'

const STATUS_COLOURS = { confirmed: 'green', waiting: 'orange', invalid: 'red' } as const

function when(iso: string): string {
  return new Date(iso).toLocaleString()
}

/** The order's Bitcoin invoices: what came, how, and what can be done about it. */
function BitcoinPayments({ data: order }: DetailWidgetProps<AdminOrder>) {
  const [answer, setAnswer] = useState<OrderPayments | undefined>()
  const [problem, setProblem] = useState('')

  const load = useCallback(async () => {
    const asked = await ask<OrderPayments>(
      `/orders/${encodeURIComponent(order.id)}/bitcoin-payments`,
    )
    if (asked.ok) setAnswer(asked.value)
    setProblem(asked.ok ? '' : asked.sentence)
  }, [order.id])

  useEffect(() => void load(), [load])

  const payments = answer?.bitcoin_payments ?? []
  return (
    <Container className="divide-y p-0">
      <div className="flex items-center justify-between px-6 py-4">
        <Heading level="h2">Bitcoin payments</Heading>
      </div>
      {(problem || answer?.btcpay_problem) && (
        <Text size="small" className="px-6 py-3 text-ui-fg-error">
          {problem ||
            `${answer?.btcpay_problem} Below is what the shop’s own ledger has; single payments are shown once BTCPay answers.`}
        </Text>
      )}
      {answer && payments.length === 0 && (
        <Text size="small" className="px-6 py-4 text-ui-fg-subtle">
          No Bitcoin invoice was made for this order.
        </Text>
      )}
      {payments.map((payment) => (
        <Invoice key={payment.reference} payment={payment} changed={load} />
      ))}
    </Container>
  )
}

function Invoice({ payment, changed }: { payment: OrderPayment; changed(): Promise<void> }) {
  const { reference, reason, currency_code: currency } = payment
  const name = payment.outcome as OutcomeName
  return (
    <section className="flex flex-col gap-y-4 px-6 py-4" aria-label={`Payment ${reference}`}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <div className="flex items-center gap-2">
            <Text weight="plus" size="small">
              {money(payment.paid_amount, currency)} of {money(payment.amount, currency)}
            </Text>
            <Badge size="2xsmall" color={colourOf(name, reason)}>
              {OUTCOMES[name]}
            </Badge>
          </div>
          <Text size="xsmall" className="text-ui-fg-subtle">
            {payment.invoice_link ? (
              <a
                href={payment.invoice_link}
                target="_blank"
                rel="noreferrer"
                className="text-ui-fg-interactive"
              >
                Invoice in BTCPay
              </a>
            ) : (
              'No invoice was made'
            )}
            {` · ${payment.state} · ${reference} · ${when(payment.created_at)}`}
          </Text>
        </div>
        <PaymentActions payment={payment} changed={changed} />
      </div>
      {reason && <Text size="small">{REASONS[reason]}</Text>}
      {payment.owed_amount !== '0' && (
        <Text size="small">
          {money(payment.owed_amount, currency)} of it belongs to the shopper.
        </Text>
      )}
      {payment.payments && <Payments payments={payment.payments} currency={currency} />}
      {payment.refunds.length > 0 && <Refunds refunds={payment.refunds} currency={currency} />}
      <Deliveries deliveries={payment.deliveries} />
      <Text size="xsmall" className="text-ui-fg-muted">
        {payment.asked_at
          ? `BTCPay was last asked on ${when(payment.asked_at)}.`
          : 'BTCPay has not been asked yet.'}
      </Text>
    </section>
  )
}

function Payments({ payments, currency }: { payments: SeenPayment[]; currency: string }) {
  if (payments.length === 0)
    return (
      <Text size="small" className="text-ui-fg-subtle">
        Nothing was paid.
      </Text>
    )
  return (
    <ul className="flex flex-col gap-y-2">
      {payments.map((each) => (
        <li
          key={`${each.received_at} ${each.method} ${each.bitcoin}`}
          className="flex flex-wrap items-center justify-between gap-x-4 rounded-md bg-ui-bg-subtle px-3 py-2"
        >
          <Text size="small">
            {each.method === 'Lightning' ? 'Lightning' : 'On-chain'}
            <span className="text-ui-fg-subtle"> · {when(each.received_at)}</span>
          </Text>
          <div className="flex items-center gap-3">
            <Text size="small">
              {each.bitcoin} BTC
              <span className="text-ui-fg-subtle"> · {money(each.amount, currency)}</span>
            </Text>
            <Badge size="2xsmall" color={STATUS_COLOURS[each.status]}>
              {each.status}
            </Badge>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Refunds({ refunds, currency }: { refunds: Refund[]; currency: string }) {
  return (
    <div>
      <Text size="small" weight="plus">
        Offered back
      </Text>
      {refunds.map(({ of, amount, link }) => (
        <Text key={`${of} ${amount} ${link}`} size="small">
          {money(amount, currency)} {of === 'order' ? 'of the order' : 'that came besides'}
          {link && (
            <>
              {' · '}
              <a href={link} target="_blank" rel="noreferrer" className="text-ui-fg-interactive">
                claim link
              </a>
            </>
          )}
        </Text>
      ))}
    </div>
  )
}

function Deliveries({ deliveries }: Pick<OrderPayment, 'deliveries'>) {
  if (deliveries.length === 0)
    return (
      <Text size="small" className="text-ui-fg-subtle">
        No webhook has come for it; reconciliation asks BTCPay all the same.
      </Text>
    )
  return (
    <details>
      <summary className="txt-small cursor-pointer">
        {deliveries.length === 1 ? '1 webhook' : `${deliveries.length} webhooks`}, the last on{' '}
        {when(deliveries.at(-1)?.received_at ?? '')}
      </summary>
      <ul className="mt-2 flex flex-col gap-y-1">
        {deliveries.map(({ type, received_at, outcome }) => (
          <li key={`${type} ${received_at}`} className="txt-xsmall text-ui-fg-subtle">
            {type} · {when(received_at)} · {outcome ?? 'waiting'}
          </li>
        ))}
      </ul>
    </details>
  )
}

export const config = defineWidgetConfig({ zone: 'order.details.after' })

export default BitcoinPayments
