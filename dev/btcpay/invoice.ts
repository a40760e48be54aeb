import { type Cents, fromCents, toCents } from './amount.ts'

export type Status = 'New' | 'Processing' | 'Expired' | 'Invalid' | 'Settled'
export type AdditionalStatus = 'None' | 'PaidLate' | 'PaidPartial' | 'Marked' | 'PaidOver'
export type PaymentMethod = 'BTC-LN' | 'BTC-CHAIN'

export interface Payment {
  id: string
  method: PaymentMethod
  /** Decimal string in the invoice's currency. */
  value: string
  settled: boolean
  /** Unix seconds. */
  receivedDate: number
}

/** One invoice as it lies on disk; times are unix seconds. */
export interface Invoice {
  id: string
  amount: string
  currency: string
  metadata: Record<string, unknown>
  redirectURL: string | null
  redirectAutomatically: boolean
  createdTime: number
  expirationTime: number
  status: Status
  additionalStatus: AdditionalStatus
  archived: boolean
  payments: Payment[]
}

/** What BTCPay tells by webhook, without the fields that all events share. */
export interface Event {
  type: string
  [field: string]: unknown
}

const sum = (payments: Payment[]): Cents =>
  payments.reduce((total, payment) => total + toCents(payment.value), 0n)

export const paid = (invoice: Invoice): Cents => sum(invoice.payments)
export const due = (invoice: Invoice): Cents => {
  const rest = toCents(invoice.amount) - paid(invoice)
  return rest > 0n ? rest : 0n
}

function paymentEvent(type: string, invoice: Invoice, payment: Payment): Event {
  return {
    type,
    afterExpiration: invoice.status === 'Expired' || invoice.status === 'Invalid',
    paymentMethodId: payment.method,
    payment: {
      id: payment.id,
      receivedDate: payment.receivedDate,
      value: payment.value,
      fee: '0',
      status: payment.settled ? 'Settled' : 'Processing',
      destination: 'stand-in',
    },
  }
}

/** Records a payment; gives the events in the order in which BTCPay sends them. */
export function receive(invoice: Invoice, payment: Payment): Event[] {
  const received = paymentEvent('InvoiceReceivedPayment', invoice, payment)
  const settled = paymentEvent('InvoicePaymentSettled', invoice, payment)
  invoice.payments.push(payment)
  const events = payment.settled ? [settled, received] : [received]
  return [...events, ...advance(invoice)]
}

/** Confirms every payment on the chain. */
export function confirm(invoice: Invoice): Event[] {
  const events: Event[] = []
  for (const payment of invoice.payments.filter((each) => !each.settled)) {
    payment.settled = true
    events.push(paymentEvent('InvoicePaymentSettled', invoice, payment))
  }
  return [...events, ...advance(invoice)]
}

/** What follows from the payments: New, Processing and Expired move, Settled stays. */
function advance(invoice: Invoice): Event[] {
  const full = due(invoice) === 0n
  const over = paid(invoice) > toCents(invoice.amount)
  const events: Event[] = []
  if (invoice.status === 'Expired') {
    if (full && invoice.additionalStatus !== 'PaidLate') {
      invoice.additionalStatus = 'PaidLate'
      events.push({ type: 'InvoicePaidAfterExpiration' })
    } else if (!full && paid(invoice) > 0n) invoice.additionalStatus = 'PaidPartial'
    return events
  }
  if (invoice.status === 'New') {
    if (!full) {
      invoice.additionalStatus = paid(invoice) > 0n ? 'PaidPartial' : 'None'
      return events
    }
    invoice.status = 'Processing'
    events.push({ type: 'InvoiceProcessing', overPaid: over })
  }
  if (invoice.status === 'Processing') {
    invoice.additionalStatus = over ? 'PaidOver' : 'None'
    const confirmed = sum(invoice.payments.filter((payment) => payment.settled))
    if (confirmed >= toCents(invoice.amount)) {
      invoice.status = 'Settled'
      events.push({ type: 'InvoiceSettled', manuallyMarked: false, overPaid: over })
    }
  }
  return events
}

/** The invoice's time is over. */
export function expire(invoice: Invoice, now: number): Event[] {
  if (invoice.status !== 'New') return []
  invoice.status = 'Expired'
  invoice.expirationTime = Math.min(invoice.expirationTime, now)
  const partial = paid(invoice) > 0n
  const events: Event[] = [{ type: 'InvoiceExpired', partiallyPaid: partial }]
  if (partial) events.push({ type: 'InvoiceExpiredPaidPartial' })
  return events
}

/** The statuses that a person or the API may set by hand now. */
export function markable(invoice: Invoice): Status[] {
  if (invoice.status === 'Settled') return invoice.additionalStatus === 'Marked' ? ['Invalid'] : []
  return invoice.status === 'Invalid' ? ['Settled'] : ['Settled', 'Invalid']
}

/** Marks by hand; undefined when BTCPay would refuse it. */
export function mark(invoice: Invoice, status: Status): Event[] | undefined {
  if (!markable(invoice).includes(status)) return undefined
  invoice.status = status
  invoice.additionalStatus = 'Marked'
  return status === 'Settled'
    ? [{ type: 'InvoiceSettled', manuallyMarked: true, overPaid: false }]
    : [{ type: 'InvoiceInvalid', manuallyMarked: true }]
}

/** A state that BTCPay itself does not give, such as another one after Settled. */
export function force(invoice: Invoice, status: Status): Event[] {
  invoice.status = status
  invoice.additionalStatus = 'None'
  return [{ type: `Invoice${status === 'New' ? 'Created' : status}`, manuallyMarked: false }]
}

/** The invoice as Greenfield answers it (`InvoiceData`). */
export function toGreenfield(invoice: Invoice, storeId: string, baseUrl: string): object {
  return {
    id: invoice.id,
    storeId,
    amount: invoice.amount,
    paidAmount: fromCents(paid(invoice)),
    currency: invoice.currency,
    type: 'Standard',
    checkoutLink: `${baseUrl}/i/${invoice.id}`,
    createdTime: invoice.createdTime,
    expirationTime: invoice.expirationTime,
    monitoringExpiration: invoice.expirationTime + 86_400,
    status: invoice.status,
    additionalStatus: invoice.additionalStatus,
    availableStatusesForManualMarking: markable(invoice),
    archived: invoice.archived,
    metadata: invoice.metadata,
    checkout: {
      paymentMethods: ['BTC-CHAIN', 'BTC-LN'],
      redirectURL: invoice.redirectURL,
      redirectAutomatically: invoice.redirectAutomatically,
    },
    receipt: { enabled: null, showQR: null, showPayments: null },
  }
}
