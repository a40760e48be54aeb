import { defineRouteConfig } from '@medusajs/admin-sdk'
import { CurrencyDollar } from '@medusajs/icons'
import { Badge, Container, Heading, Input, Select, Table, Text } from '@medusajs/ui'
import { useCallback, useEffect, useState } from 'react'
import { Link } from 'react-router-dom'
import type { ListedPayment } from '../../../api/admin/bitcoin-payments/listed'
import { ask } from '../../ask'
import { PaymentActions } from './actions'
import { money } from './money'
import { colourOf, OUTCOMES, type OutcomeName, REASONS } from './words'

const PAGE_SIZE = 20
/** A search waits for the end of a word. */
const TYPING_MS = 300

interface Listed {
  bitcoin_payments: ListedPayment[]
  count: number
}

/** The owner's list of Bitcoin payments. */
function BitcoinPayments() {
  const [outcome, setOutcome] = useState<OutcomeName | 'all'>('all')
  const [search, setSearch] = useState('')
  const [page, setPage] = useState(0)
  const [answer, setAnswer] = useState<Listed | undefined>()
  const [problem, setProblem] = useState('')

  const load = useCallback(async () => {
    const query = new URLSearchParams({ limit: `${PAGE_SIZE}`, offset: `${page * PAGE_SIZE}` })
    if (outcome !== 'all') query.set('outcome', outcome)
    if (search.trim()) query.set('q', search.trim())
    const asked = await ask<Listed>(`/bitcoin-payments?${query}`)
    if (asked.ok) setAnswer(asked.value)
    setProblem(asked.ok ? '' : asked.sentence)
  }, [outcome, search, page])

  useEffect(() => {
    const timer = setTimeout(() => void load(), TYPING_MS)
    return () => clearTimeout(timer)
  }, [load])

  const pages = Math.max(1, Math.ceil((answer?.count ?? 0) / PAGE_SIZE))
  return (
    <Container className="divide-y p-0">
      <div className="flex flex-wrap items-center justify-between gap-3 px-6 py-4">
        <Heading level="h1">Bitcoin payments</Heading>
        <div className="flex flex-wrap gap-2">
          <Input
            type="search"
            size="small"
            aria-label="Search"
            placeholder="E-mail, order number, reference"
            value={search}
            onChange={(event) => {
              setPage(0)
              setSearch(event.target.value)
            }}
          />
          <Select
            size="small"
            value={outcome}
            onValueChange={(value) => {
              setPage(0)
              setOutcome(value as OutcomeName | 'all')
            }}
          >
            <Select.Trigger aria-label="Filter" className="w-44">
              <Select.Value />
            </Select.Trigger>
            <Select.Content>
              <Select.Item value="all">All payments</Select.Item>
              {Object.entries(OUTCOMES).map(([name, label]) => (
                <Select.Item key={name} value={name}>
                  {label}
                </Select.Item>
              ))}
            </Select.Content>
          </Select>
        </div>
      </div>
      {problem && <Text className="px-6 py-4 text-ui-fg-error">{problem}</Text>}
      {answer?.count === 0 && <Text className="px-6 py-8">No payments found.</Text>}
      {answer && answer.count > 0 && (
        <>
          <Table>
            <Table.Header>
              <Table.Row>
                <Table.HeaderCell>Payment</Table.HeaderCell>
                <Table.HeaderCell>Shopper</Table.HeaderCell>
                <Table.HeaderCell className="text-right">Received</Table.HeaderCell>
                <Table.HeaderCell>State</Table.HeaderCell>
                <Table.HeaderCell>Order</Table.HeaderCell>
                <Table.HeaderCell />
              </Table.Row>
            </Table.Header>
            <Table.Body>
              {answer.bitcoin_payments.map((payment) => (
                <PaymentRow key={payment.reference} payment={payment} changed={load} />
              ))}
            </Table.Body>
          </Table>
          <Table.Pagination
            count={answer.count}
            pageSize={PAGE_SIZE}
            pageIndex={page}
            pageCount={pages}
            canPreviousPage={page > 0}
            canNextPage={page < pages - 1}
            previousPage={() => setPage(page - 1)}
            nextPage={() => setPage(page + 1)}
          />
        </>
      )}
    </Container>
  )
}

interface RowProps {
  payment: ListedPayment
  changed(): Promise<void>
}

function PaymentRow({ payment, changed }: RowProps) {
  const { reference, outcome, reason, currency_code: currency } = payment
  const name = outcome as OutcomeName

  return (
    <Table.Row>
      <Table.Cell className="py-3 align-top">
        {payment.invoice_link ? (
          <a
            href={payment.invoice_link}
            target="_blank"
            rel="noreferrer"
            className="text-ui-fg-interactive"
          >
            {reference}
          </a>
        ) : (
          reference
        )}
        <Text size="xsmall" className="text-ui-fg-subtle">
          {new Date(payment.created_at).toLocaleString()}
        </Text>
      </Table.Cell>
      <Table.Cell className="py-3 align-top">{payment.email ?? '–'}</Table.Cell>
      <Table.Cell className="py-3 text-right align-top">
        {money(payment.paid_amount, currency)}
        <Text size="xsmall" className="text-ui-fg-subtle">
          of {money(payment.amount, currency)}
        </Text>
      </Table.Cell>
      <Table.Cell className="max-w-sm whitespace-normal py-3 align-top">
        <Badge size="2xsmall" color={colourOf(name, reason)}>
          {OUTCOMES[name]}
        </Badge>
        <Text size="xsmall" className="text-ui-fg-subtle">
          {reason ? REASONS[reason] : `BTCPay: ${payment.state}`}
        </Text>
        {payment.offered_amount !== '0' && (
          <Text size="xsmall">
            {money(payment.offered_amount, currency)} are offered back, not claimed yet.
          </Text>
        )}
        {payment.sent_amount !== '0' && (
          <Text size="xsmall">{money(payment.sent_amount, currency)} were sent back.</Text>
        )}
      </Table.Cell>
      <Table.Cell className="py-3 align-top">
        {payment.order_id ? (
          <Link to={`/orders/${payment.order_id}`} className="text-ui-fg-interactive">
            #{payment.order_number}
          </Link>
        ) : (
          '–'
        )}
      </Table.Cell>
      <Table.Cell className="py-3 text-right align-top">
        <PaymentActions payment={payment} changed={changed} />
      </Table.Cell>
    </Table.Row>
  )
}

export const config = defineRouteConfig({ label: 'Bitcoin payments', icon: CurrencyDollar })

export default BitcoinPayments
