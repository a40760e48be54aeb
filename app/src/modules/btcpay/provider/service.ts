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
  ContainerRegistrationKeys,
  MathBN,
  MedusaError,
  PaymentActions,
  PaymentSessionStatus,
} from '@medusajs/framework/utils'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { type Connection, Ledger } from '../../ledger/ledger'
import { payableAmount } from '../amount'
import { type Answer, Greenfield, type GreenfieldOptions } from '../greenfield'
import { hasMoney, type Invoice, isOpen, mismatch, paymentStatus, sameAmount } from '../invoice'
import { offerRefund } from '../offer-refund'
import { newSessionData, offeredRefunds, readSessionData, withRefund } from './session-data'

/** Options of the provider in medusa-config. */
export interface BtcpayOptions extends GreenfieldOptions {
  /** Where BTCPay sends the shopper back to. */
  storefrontUrl: string
}

/** Key of a payment's data that names its order; only such a payment is refunded. */
export const ORDER_KEY = 'order_id'

/** An answer of BTCPay is taken for the truth so long. */
const JUST_NOW_MS = 10_000

/** Bitcoin by BTCPay Server; registered in Medusa as `pp_btcpay_btcpay`. */
export class BtcpayProvider extends AbstractPaymentProvider<BtcpayOptions> {
  static override identifier = 'btcpay'

  private readonly greenfield: Greenfield
  private readonly ledger: Ledger
  private readonly logger: Logger
  private readonly options: BtcpayOptions

  constructor(
    container: { logger: Logger; [ContainerRegistrationKeys.PG_CONNECTION]: Connection },
    options: BtcpayOptions,
  ) {
    super(container, options)
    this.logger = container.logger
    this.options = options
    this.greenfield = new Greenfield(options)
    this.ledger = new Ledger(container[ContainerRegistrationKeys.PG_CONNECTION])
  }

  static override validateOptions(options: Record<string, unknown>): void {
    if (!options.storefrontUrl) throw new Error('btcpay: option storefrontUrl is missing')
    // All empty while the shop is not set up with BTCPay: then no invoice can be made.
    const names = ['url', 'storeId', 'apiKey']
    const isSetUp = names.some((name) => options[name])
    for (const name of names) {
      if (isSetUp && !options[name]) throw new Error(`btcpay: option ${name} is missing`)
    }
  }

  /** Creates the invoice that the shopper pays; a repeated call for one session adopts the first. */
  async initiatePayment(input: InitiatePaymentInput): Promise<InitiatePaymentOutput> {
    const sessionId = input.context?.idempotency_key
    if (!sessionId) throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: no session id')
    const currency = input.currency_code.toUpperCase()
    const amount = payableAmount(input.amount, currency)
    // BTCPay settles an invoice of zero at once, without any payment.
    if (!MathBN.gt(amount, 0)) {
      throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: there is nothing to pay')
    }
    // Before the call: its answer may be lost, and the invoice be paid all the same.
    await this.ledger.begin({ id: sessionId, amount, currency })
    const askedAt = new Date()
    const invoice = this.orThrow(
      await this.greenfield.createInvoice({
        orderId: sessionId,
        amount,
        currency,
        // Says nothing and opens nothing: BTCPay, and whoever sees the invoice, reads this address.
        redirectUrl: `${this.options.storefrontUrl}/order/return/${short(sessionId)}`,
      }),
    )
    await this.ledger.answered(sessionId, invoice, askedAt)
    this.refuseMismatch(invoice, { sessionId, amount, currency })
    return {
      id: invoice.id,
      status: PaymentSessionStatus.PENDING,
      data: { ...newSessionData(invoice, amount, sessionId) },
    }
  }

  /** An invoice's amount is fixed: a session of another amount needs another invoice. */
  async updatePayment(input: UpdatePaymentInput): Promise<UpdatePaymentOutput> {
    const session = readSessionData(input.data)
    const currency = input.currency_code.toUpperCase()
    const same =
      session?.currency === currency &&
      sameAmount(session.amount, payableAmount(input.amount, currency))
    if (same) return { data: input.data }
    throw new MedusaError(
      MedusaError.Types.NOT_ALLOWED,
      'btcpay: the amount of an invoice cannot change; make a new payment session',
    )
  }

  /**
   * Withdraws an invoice that nobody has paid.
   * @throws when a payment is under way: the cart may not change or lose its session under it
   */
  async deletePayment(input: DeletePaymentInput): Promise<DeletePaymentOutput> {
    const session = readSessionData(input.data)
    if (!session) return { data: input.data }
    const found = await this.greenfield.getInvoice(session.invoice_id)
    if (!found.ok) {
      // Nothing is decided for money: should it come, the inbox keeps it for review.
      this.logger.warn(
        `btcpay: invoice ${short(session.invoice_id)} stays open: ${found.failure.message}`,
      )
      return { data: input.data }
    }
    const invoice = found.value
    // A session that names someone else's invoice must not be able to withdraw it.
    if (invoice.metadata.orderId !== session.session_id) return { data: input.data }
    if (isOpen(invoice) && (invoice.status !== 'New' || hasMoney(invoice))) {
      throw new MedusaError(
        MedusaError.Types.NOT_ALLOWED,
        'A Bitcoin payment for this cart is under way; it has to end before the cart can change.',
      )
    }
    if (invoice.status === 'New') {
      const marked = await this.greenfield.markInvalid(invoice.id)
      if (!marked.ok) {
        this.logger.warn(
          `btcpay: invoice ${short(invoice.id)} stays open: ${marked.failure.message}`,
        )
      }
    }
    return { data: input.data }
  }

  /**
   * Asks BTCPay for the truth; captured only when the invoice is settled and is this session's.
   * Everything else stays pending, because money may still come for it.
   */
  async authorizePayment(input: AuthorizePaymentInput): Promise<AuthorizePaymentOutput> {
    const sessionId = input.context?.idempotency_key
    const paid =
      (await this.wasSettledJustNow(sessionId)) ||
      paymentStatus(await this.ownInvoice(input.data, sessionId)) === 'paid'
    // A payment of its own starts without anything that a shopper added to the session.
    const data = paid ? { ...readSessionData(input.data) } : input.data
    return { status: paid ? PaymentSessionStatus.CAPTURED : PaymentSessionStatus.PENDING, data }
  }

  /** BTCPay has no separate capture: an authorised payment is money received. */
  async capturePayment(input: CapturePaymentInput): Promise<CapturePaymentOutput> {
    if (paymentStatus(await this.ownInvoice(input.data)) !== 'paid') {
      throw new MedusaError(MedusaError.Types.NOT_ALLOWED, 'btcpay: the invoice is not settled')
    }
    return { data: input.data }
  }

  /**
   * Offers a refund: a claim link, kept with the payment; one for each refund of Medusa.
   * @throws when BTCPay makes none, or the payment has no order: Medusa refunds by itself when
   * completing a cart fails, but this money is kept and the completion is tried again
   */
  async refundPayment(input: RefundPaymentInput): Promise<RefundPaymentOutput> {
    const session = readSessionData(input.data)
    const refundId = input.context?.idempotency_key
    if (!session || !refundId) {
      throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: payment has no invoice')
    }
    if (!input.data?.[ORDER_KEY]) {
      throw new MedusaError(
        MedusaError.Types.NOT_ALLOWED,
        'btcpay: the payment has no order; refund it in BTCPay if it shall not become one',
      )
    }
    if (offeredRefunds(input.data)[refundId]) return { data: input.data }
    const amount = payableAmount(input.amount, session.currency)
    const offered = await offerRefund(
      { greenfield: this.greenfield, ledger: this.ledger, logger: this.logger },
      session,
      `Refund ${refundId}`,
      amount,
    )
    await this.ledger.offered(session.session_id, amount, offered.id)
    return { data: withRefund(input.data, refundId, offered) }
  }

  async retrievePayment(input: RetrievePaymentInput): Promise<RetrievePaymentOutput> {
    const invoice = await this.ownInvoice(input.data)
    return { data: { ...input.data, status: invoice.status, paid_amount: invoice.paidAmount } }
  }

  /** As deletePayment: a settled payment cannot be cancelled, only refunded. */
  async cancelPayment(input: CancelPaymentInput): Promise<CancelPaymentOutput> {
    return this.deletePayment(input)
  }

  async getPaymentStatus(input: GetPaymentStatusInput): Promise<GetPaymentStatusOutput> {
    const status = paymentStatus(await this.ownInvoice(input.data))
    if (status === 'paid') return { status: PaymentSessionStatus.CAPTURED, data: input.data }
    const dead = status === 'expired' || status === 'invalid'
    return {
      status: dead ? PaymentSessionStatus.CANCELED : PaymentSessionStatus.PENDING,
      data: input.data,
    }
  }

  /** Medusa's own hook answers 200 before it looks; `/hooks/btcpay` carries our webhooks instead. */
  async getWebhookActionAndData(
    _payload: ProviderWebhookPayload['payload'],
  ): Promise<WebhookActionResult> {
    return { action: PaymentActions.NOT_SUPPORTED }
  }

  /** Whether whoever settles this payment has asked BTCPay a moment ago: once for each settlement is enough. */
  private async wasSettledJustNow(sessionId: string | undefined): Promise<boolean> {
    const row = sessionId ? await this.ledger.bySession(sessionId) : undefined
    if (row?.state !== 'Settled' || !row.asked_at || row.reason === 'mismatch') return false
    return Date.now() - row.asked_at.getTime() < JUST_NOW_MS
  }

  /** The invoice of a session, when it is truly this session's. */
  private async ownInvoice(
    data: Record<string, unknown> | undefined,
    sessionId?: string,
  ): Promise<Invoice> {
    const session = readSessionData(data)
    if (!session) {
      throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: session has no invoice')
    }
    const invoice = this.orThrow(await this.greenfield.getInvoice(session.invoice_id))
    this.refuseMismatch(invoice, { ...session, sessionId: sessionId ?? session.session_id })
    return invoice
  }

  private refuseMismatch(
    invoice: Invoice,
    expected: { sessionId: string; amount: string; currency: string },
  ): void {
    const wrong = mismatch(invoice, { ...expected, storeId: this.options.storeId })
    if (!wrong) return
    this.logger.error(
      `btcpay: invoice ${short(invoice.id)} is for ${wrong} than that of payment ${short(expected.sessionId)}`,
    )
    throw new MedusaError(
      MedusaError.Types.UNEXPECTED_STATE,
      'The Bitcoin invoice does not fit this cart. Nothing was charged; please try again.',
    )
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
