import { z } from 'zod'
import { published } from './answers'

/** Of an invoice that others made it may be anything; one of them must not make a list unreadable. */
const metadataSchema = z
  .object({ orderId: z.string().optional().catch(undefined) })
  .loose()
  .catch({})

/** An invoice as Greenfield answers it; amounts are decimal strings in major units, times unix seconds. */
export const invoiceSchema = published<'InvoiceData'>()(
  z.object({
    id: z.string(),
    storeId: z.string(),
    amount: z.string(),
    paidAmount: z.string().default('0'),
    currency: z.string(),
    type: z.string(),
    status: z.enum(['New', 'Processing', 'Expired', 'Invalid', 'Settled']),
    additionalStatus: z.string().default('None'),
    checkoutLink: z.string(),
    createdTime: z.number().optional(),
    expirationTime: z.number(),
    /** Until then BTCPay waits for confirmations of what came in time. */
    monitoringExpiration: z.number().optional(),
    metadata: z.unknown().transform((given) => metadataSchema.parse(given)),
  }),
)
export type Invoice = z.infer<typeof invoiceSchema>

/** What a shopper is told about a payment. */
export type PaymentStatus =
  | 'waiting'
  | 'underpaid'
  | 'seen'
  | 'paid'
  | 'expired'
  | 'invalid'
  | 'review'
  | 'refunded'
  | 'cancelled'

/** What our payment session says that the invoice must be. */
export interface Expected {
  sessionId: string
  storeId: string
  /** Decimal string in major units. */
  amount: string
  currency: string
}

/** Decimal strings of the same value are one amount: "10.5", "10.50" and "010.500". */
export function sameAmount(a: string, b: string): boolean {
  return canonical(a) === canonical(b)
}

function canonical(amount: string): string {
  const [whole = '0', fraction = ''] = amount.trim().split('.')
  const digits = fraction.replace(/0+$/, '')
  return `${whole.replace(/^0+(?=\d)/, '')}${digits ? `.${digits}` : ''}`
}

/** Whether an invoice was made for a payment session of Medusa; BTCPay's user may make others. */
export function isOurs(invoice: Invoice): boolean {
  return invoice.metadata.orderId?.startsWith('payses_') ?? false
}

/** Whether any money has come in. */
export function hasMoney(invoice: Pick<Invoice, 'paidAmount'>): boolean {
  return !/^0*(\.0*)?$/.test(invoice.paidAmount)
}

/** Whether the invoice may still be paid in time, or is paid already. */
export function isOpen(invoice: Invoice): boolean {
  return invoice.status !== 'Expired' && invoice.status !== 'Invalid'
}

/** The request that made the invoice, as the log knows it; undefined for one that was made by hand. */
export function originOf(invoice: Invoice): string | undefined {
  const id = invoice.metadata.requestId
  return typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id) ? id : undefined
}

/** Why an invoice is not the one of this session, or undefined when it is. */
export function mismatch(invoice: Invoice, expected: Expected): string | undefined {
  if (invoice.storeId !== expected.storeId) return 'another store'
  if (invoice.metadata.orderId !== expected.sessionId) return 'another payment session'
  if (invoice.type !== 'Standard') return `type ${invoice.type}: any sum would settle it`
  if (invoice.currency.toUpperCase() !== expected.currency.toUpperCase()) return 'another currency'
  if (!sameAmount(invoice.amount, expected.amount)) return 'another amount'
  return undefined
}

/**
 * BTCPay's state as the shop speaks of it. Only Settled is paid: partial payments, too, are
 * announced as settled, one by one. Money on an expired or invalid invoice needs a person.
 */
export function paymentStatus(invoice: Pick<Invoice, 'status' | 'paidAmount'>): PaymentStatus {
  switch (invoice.status) {
    case 'Settled':
      return 'paid'
    case 'Processing':
      return 'seen'
    case 'New':
      return hasMoney(invoice) ? 'underpaid' : 'waiting'
    case 'Expired':
      return hasMoney(invoice) ? 'review' : 'expired'
    case 'Invalid':
      return hasMoney(invoice) ? 'review' : 'invalid'
  }
}
