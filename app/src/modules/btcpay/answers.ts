import { z } from 'zod'
import type { components } from './greenfield-api'

/** Everything in it is there: BTCPay's description marks no field as required, and its code sends all. */
type Present<T> = T extends (infer Each)[]
  ? Present<Each>[]
  : T extends object
    ? { [Key in keyof T]-?: Present<Exclude<T[Key], undefined>> }
    : T

/**
 * The schema itself; one does not compile that reads a field which BTCPay does not publish, or refuses a
 * value which it does. What truly comes is looked at by the schema.
 */
export function published<Name extends keyof components['schemas']>() {
  type Answer = Present<components['schemas'][Name]>
  return <Schema extends z.ZodType>(
    schema: Schema & (Answer extends z.input<Schema> ? unknown : never),
  ): Schema => schema
}

export const pullPaymentSchema = published<'PullPaymentData'>()(
  z.object({ id: z.string(), viewLink: z.string() }),
)
/** A refund that its owner claims by a link. */
export type PullPayment = z.infer<typeof pullPaymentSchema>

export const namedPullPaymentSchema = published<'PullPaymentData'>()(
  z.object({
    id: z.string(),
    viewLink: z.string(),
    name: z.string().nullable(),
    amount: z.string(),
  }),
)
/** The same as a list has it; the amount is a decimal string in major units. */
export type NamedPullPayment = z.infer<typeof namedPullPaymentSchema>

export const paymentMethodSchema = published<'InvoicePaymentMethodDataModel'>()(
  z.object({
    paymentMethodId: z.string(),
    /** Decimal string in the method's own currency. */
    due: z.string(),
    amount: z.string().optional(),
    /** What one of the method's currency costs in the invoice's. */
    rate: z.string().optional(),
    /** An address or a BOLT11 invoice; empty while the method is not activated. */
    destination: z.string().nullish(),
    /** The same for a wallet. */
    paymentLink: z.string().nullish(),
    payments: z.array(z.object({ value: z.string(), status: z.string() })),
  }),
)
/** A way to pay an invoice, with what was paid by it; `status` is Processing, Settled or Invalid. */
export type InvoicePaymentMethod = z.infer<typeof paymentMethodSchema>

export const payoutSchema = published<'PayoutData'>()(
  z.object({
    id: z.string(),
    state: z.enum(['AwaitingApproval', 'AwaitingPayment', 'InProgress', 'Completed', 'Cancelled']),
    /** Decimal string in the pull payment's currency, as it was claimed. */
    originalAmount: z.string(),
    originalCurrency: z.string(),
  }),
)
/** What somebody claimed of a pull payment; `Completed` when it has left BTCPay. */
export type Payout = z.infer<typeof payoutSchema>
