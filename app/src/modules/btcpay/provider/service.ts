import type {
  AuthorizePaymentInput,
  AuthorizePaymentOutput,
  CancelPaymentInput,
  CancelPaymentOutput,
  CapturePaymentInput,
  CapturePaymentOutput,
  DeletePaymentInput,
  DeletePaymentOutput,
  GetPaymentStatusInput,
  GetPaymentStatusOutput,
  InitiatePaymentInput,
  InitiatePaymentOutput,
  Logger,
  ProviderWebhookPayload,
  RefundPaymentInput,
  RefundPaymentOutput,
  RetrievePaymentInput,
  RetrievePaymentOutput,
  UpdatePaymentInput,
  UpdatePaymentOutput,
  WebhookActionResult,
} from '@medusajs/framework/types'
import {
  AbstractPaymentProvider,
  MedusaError,
  PaymentActions,
  PaymentSessionStatus,
} from '@medusajs/framework/utils'
import { type Answer, Greenfield, type GreenfieldOptions } from '../greenfield'
import { hasMoney, type Invoice, mismatch, paymentStatus } from '../invoice'
import { invoiceAmount } from '../invoice-amount'

/** Options of the provider in medusa-config. */
export interface BtcpayOptions extends GreenfieldOptions {
  /** Where BTCPay sends the shopper back to. */
  storefrontUrl: string
}

/** What a payment session keeps; the shopper can read all of it, so nothing of it is a secret. */
interface SessionData {
  invoice_id: string
  session_id: string
  /** Decimal string in major units. */
  amount: string
  currency: string
  checkout_link: string
  /** ISO time. */
  expires_at: string
}

/** Bitcoin by BTCPay Server; registered in Medusa as `pp_btcpay_btcpay`. */
export class BtcpayProvider extends AbstractPaymentProvider<BtcpayOptions> {
  static override identifier = 'btcpay'

  private readonly greenfield: Greenfield
  private readonly logger: Logger
  private readonly options: BtcpayOptions

  constructor(container: { logger: Logger }, options: BtcpayOptions) {
    super(container, options)
    this.logger = container.logger
    this.options = options
    this.greenfield = new Greenfield(options)
  }

  static override validateOptions(options: Record<string, unknown>): void {
    for (const name of ['url', 'storeId', 'apiKey', 'storefrontUrl']) {
      if (!options[name]) throw new Error(`btcpay: option ${name} is missing`)
    }
  }

  /** Creates the invoice that the shopper pays; a repeated call for one session adopts the first. */
  async initiatePayment(input: InitiatePaymentInput): Promise<InitiatePaymentOutput> {
    const sessionId = input.context?.idempotency_key
    if (!sessionId) throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: no session id')
    const expected = {
      sessionId,
      storeId: this.options.storeId,
      amount: invoiceAmount(input.amount, input.currency_code),
      currency: input.currency_code.toUpperCase(),
    }
    const invoice = this.orThrow(
      await this.greenfield.createInvoice({
        orderId: sessionId,
        amount: expected.amount,
        currency: expected.currency,
        redirectUrl: `${this.options.storefrontUrl}/order/${sessionId}`,
      }),
    )
    const wrong = mismatch(invoice, expected)
    if (wrong) {
      throw new MedusaError(MedusaError.Types.UNEXPECTED_STATE, `btcpay: invoice is for ${wrong}`)
    }
    const data: SessionData = {
      invoice_id: invoice.id,
      session_id: sessionId,
      amount: expected.amount,
      currency: expected.currency,
      checkout_link: invoice.checkoutLink,
      expires_at: new Date(invoice.expirationTime * 1000).toISOString(),
    }
    return { id: invoice.id, status: PaymentSessionStatus.PENDING, data: { ...data } }
  }

  /** An invoice's amount is fixed: a session of another amount needs another invoice. */
  async updatePayment(input: UpdatePaymentInput): Promise<UpdatePaymentOutput> {
    const data = sessionData(input.data)
    if (
      data &&
      sameSum(data, invoiceAmount(input.amount, input.currency_code), input.currency_code)
    )
      return { data: input.data }
    throw new MedusaError(
      MedusaError.Types.NOT_ALLOWED,
      'btcpay: the amount of an invoice cannot change; make a new payment session',
    )
  }

  /** Withdraws the invoice unless money is on it: then a person decides. */
  async deletePayment(input: DeletePaymentInput): Promise<DeletePaymentOutput> {
    const invoiceId = sessionData(input.data)?.invoice_id
    if (!invoiceId) return { data: input.data }
    const found = await this.greenfield.getInvoice(invoiceId)
    if (found.ok && found.value.status === 'New' && !hasMoney(found.value)) {
      const marked = await this.greenfield.markInvalid(invoiceId)
      if (!marked.ok)
        this.logger.warn(`btcpay: invoice ${invoiceId} stays open: ${marked.failure.message}`)
    } else if (found.ok && hasMoney(found.value)) {
      this.logger.warn(`btcpay: invoice ${invoiceId} of a deleted session has money on it`)
    }
    return { data: input.data }
  }

  /** Asks BTCPay for the truth; captured only when the invoice is settled and is this session's. */
  async authorizePayment(input: AuthorizePaymentInput): Promise<AuthorizePaymentOutput> {
    const { status } = await this.getPaymentStatus(input)
    return { status, data: input.data }
  }

  /** BTCPay has no separate capture: an authorised payment is money received. */
  async capturePayment(input: CapturePaymentInput): Promise<CapturePaymentOutput> {
    const { status } = await this.getPaymentStatus(input)
    if (status !== PaymentSessionStatus.CAPTURED) {
      throw new MedusaError(MedusaError.Types.NOT_ALLOWED, 'btcpay: the invoice is not settled')
    }
    return { data: input.data }
  }

  /** Offers a refund: a claim link, kept with the payment. Throws when BTCPay makes none. */
  async refundPayment(input: RefundPaymentInput): Promise<RefundPaymentOutput> {
    const data = sessionData(input.data)
    if (!data)
      throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: payment has no invoice')
    const refundId = input.context?.idempotency_key ?? data.session_id
    const claimed = refunds(input.data)
    // One refund of Medusa gives one claim link, however often it is tried.
    if (claimed[refundId]) return { data: input.data }
    const pullPayment = this.orThrow(
      await this.greenfield.refund(
        data.invoice_id,
        `Refund ${refundId}`.slice(0, 50),
        invoiceAmount(input.amount, data.currency),
        data.currency,
      ),
    )
    return {
      data: {
        ...input.data,
        refunds: {
          ...claimed,
          [refundId]: { id: pullPayment.id, claim_link: pullPayment.viewLink },
        },
      },
    }
  }

  async retrievePayment(input: RetrievePaymentInput): Promise<RetrievePaymentOutput> {
    const invoice = await this.ownInvoice(input.data)
    return { data: { ...input.data, status: invoice.status, paid_amount: invoice.paidAmount } }
  }

  async cancelPayment(input: CancelPaymentInput): Promise<CancelPaymentOutput> {
    return this.deletePayment(input)
  }

  async getPaymentStatus(input: GetPaymentStatusInput): Promise<GetPaymentStatusOutput> {
    const invoice = await this.ownInvoice(input.data)
    switch (paymentStatus(invoice)) {
      case 'paid':
        return { status: PaymentSessionStatus.CAPTURED, data: input.data }
      case 'expired':
      case 'invalid':
        return { status: PaymentSessionStatus.CANCELED, data: input.data }
      default:
        return { status: PaymentSessionStatus.PENDING, data: input.data }
    }
  }

  /** Medusa's own hook answers 200 before it looks; `/hooks/btcpay` carries our webhooks instead. */
  async getWebhookActionAndData(
    _payload: ProviderWebhookPayload['payload'],
  ): Promise<WebhookActionResult> {
    return { action: PaymentActions.NOT_SUPPORTED }
  }

  private async ownInvoice(data: Record<string, unknown> | undefined): Promise<Invoice> {
    const session = sessionData(data)
    if (!session)
      throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: session has no invoice')
    const invoice = this.orThrow(await this.greenfield.getInvoice(session.invoice_id))
    const wrong = mismatch(invoice, {
      sessionId: session.session_id,
      storeId: this.options.storeId,
      amount: session.amount,
      currency: session.currency,
    })
    if (wrong) {
      throw new MedusaError(MedusaError.Types.UNEXPECTED_STATE, `btcpay: invoice is for ${wrong}`)
    }
    return invoice
  }

  private orThrow<T>(answer: Answer<T>): T {
    if (answer.ok) return answer.value
    this.logger.warn(`btcpay: ${answer.failure.message}`)
    throw new MedusaError(
      MedusaError.Types.UNEXPECTED_STATE,
      'Bitcoin payment is not available right now. Nothing was charged; please try again.',
    )
  }
}

function sessionData(data: Record<string, unknown> | undefined): SessionData | undefined {
  return typeof data?.invoice_id === 'string' ? (data as unknown as SessionData) : undefined
}

function refunds(data: Record<string, unknown> | undefined): Record<string, unknown> {
  return (data?.refunds as Record<string, unknown> | undefined) ?? {}
}

function sameSum(data: SessionData, amount: string, currency: string): boolean {
  return data.amount === amount && data.currency === currency.toUpperCase()
}
