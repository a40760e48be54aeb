// Made by dev/greenfield/main.ts from BTCPay Server 2.4.1 (03345c28, MIT); see btcpay.openapi.json there.
export interface paths {
  '/api/v1/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get health status
     * @description Check the instance health status
     */
    get: operations['Health_GetHealth']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/pull-payments/{pullPaymentId}/payouts': {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The ID of the pull payment */
        pullPaymentId: string
      }
      cookie?: never
    }
    /**
     * Get Payouts
     * @description Get payouts
     */
    get: operations['PullPayments_GetPayouts']
    put?: never
    /**
     * Create Payout
     * @description Create a new payout
     */
    post: operations['PullPayments_CreatePayout']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/server/info': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get server info
     * @description Information about the server, chains and sync states
     */
    get: operations['ServerInfo_GetServerInfo']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/stores/{storeId}/invoices': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Get invoices
     * @description View information about the existing invoices
     */
    get: operations['Invoices_GetInvoices']
    put?: never
    /**
     * Create a new invoice
     * @description Create a new invoice
     */
    post: operations['Invoices_CreateInvoice']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/stores/{storeId}/invoices/{invoiceId}': {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    /**
     * Get invoice
     * @description View information about the specified invoice. The store is resolved automatically from the invoice.
     */
    get: operations['Invoices_GetInvoice_InStore']
    put?: never
    post?: never
    /**
     * Archive invoice
     * @description Archives the specified invoice. The store is resolved automatically from the invoice.
     */
    delete: operations['Invoices_ArchiveInvoice_InStore']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods': {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    /**
     * Get invoice payment methods
     * @description View information about the specified invoice's payment methods. The store is resolved automatically from the invoice.
     */
    get: operations['Invoices_GetInvoicePaymentMethods_InStore']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/stores/{storeId}/invoices/{invoiceId}/refund': {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Refund invoice
     * @description Refund invoice. The store is resolved automatically from the invoice.
     */
    post: operations['Invoices_Refund_InStore']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/stores/{storeId}/invoices/{invoiceId}/status': {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Mark invoice status
     * @description Mark an invoice as invalid or settled. The store is resolved automatically from the invoice.
     */
    post: operations['Invoices_MarkInvoiceStatus_InStore']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/stores/{storeId}/pull-payments': {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    /**
     * Get store's pull payments
     * @description Get the pull payments of a store
     */
    get: operations['PullPayments_GetPullPayments']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    ApplicationHealthData: {
      /** @description True if the instance is fully synchronized, according to NBXplorer */
      synchronized?: boolean
    }
    ApplicationServerInfoData: {
      /** @description True if the instance is fully synchronized, according to NBXplorer */
      fullySynched?: boolean
      /** @description The Tor hostname */
      onion?: string
      /** @description The payment methods this server supports */
      supportedPaymentMethods?: string[]
      syncStatus?: components['schemas']['ApplicationServerInfoSyncStatusData'][]
      /** @description BTCPay Server version */
      version?: string
    }
    /** @description Detailed sync status of the internal full node */
    ApplicationServerInfoNodeStatusData: {
      /** @description The height of the latest validated block of the internal full node */
      blocks?: number
      /** @description The height of the chain of header of the internal full node */
      headers?: number
      /**
       * Format: double
       * @description The current synchronization progress
       */
      verificationProgress?: number
    } | null
    /** @description Detailed sync status */
    ApplicationServerInfoSyncStatusData: {
      /** @description True if the full node and the indexer are fully synchronized */
      available?: boolean
      /** @description The height of the chain of header of the internal indexer */
      chainHeight?: number
      nodeInformation?: components['schemas']['ApplicationServerInfoNodeStatusData']
      paymentMethodId?: components['schemas']['PaymentMethodId']
      /**
       * Format: integer
       * @description The height of the latest indexed block of the internal indexer
       */
      syncHeight?: number | null
    }
    CheckoutOptions: {
      /** @description The language code (eg. en-US, en, fr-FR...) of the language presented to your customer in the checkout page. BTCPay Server tries to match the best language available. If null or not set, will fallback on the store's default language. You can see the list of language codes with [this operation](#operation/langCodes). */
      defaultLanguage?: string | null
      /** @description Default payment type for the invoice (e.g., BTC, BTC-LightningNetwork). Default payment method set for the store is used if this parameter is not specified. */
      defaultPaymentMethod?: (string & components['schemas']['PaymentMethodId']) | null
      /** @description The number of minutes after which an invoice becomes expired. Defaults to the store's settings. (The default store settings is 15) */
      expirationMinutes?: (number & components['schemas']['TimeSpanMinutes']) | null
      /** @description If true, payment methods are enabled individually upon user interaction in the invoice. Default to store's settings' */
      lazyPaymentMethods?: boolean | null
      /** @description The number of minutes after an invoice expired after which we are still monitoring for incoming payments. Defaults to the store's settings. (The default store settings is 1440, 1 day) */
      monitoringMinutes?: (number & components['schemas']['TimeSpanMinutes']) | null
      /** @description A specific set of payment methods to use for this invoice (ie. BTC, BTC-LightningNetwork). By default, select all payment methods enabled in the store. */
      paymentMethods?: string[] | null
      /**
       * Format: double
       * @description A percentage determining whether to count the invoice as paid when the invoice is paid within the specified margin of error. Defaults to the store's settings. (The default store settings is 0)
       * @default 0
       */
      paymentTolerance?: number | null
      /** @description When the customer has paid the invoice, and a `redirectURL` is set, the checkout is redirected to `redirectURL` automatically if `redirectAutomatically` is true. Defaults to the store's settings. (The default store settings is false) */
      redirectAutomatically?: boolean | null
      /** @description When the customer has paid the invoice, the URL where the customer will be redirected when clicking on the `return to store` button. You can use placeholders `{InvoiceId}` or `{OrderId}` in the URL, BTCPay Server will replace those with this invoice `id` or `metadata.orderId` respectively. */
      redirectURL?: string | null
      speedPolicy?: (string & components['schemas']['SpeedPolicy']) | null
    }
    CreateInvoiceRequest: components['schemas']['InvoiceDataBase'] & {
      /** @description Additional search term to help you find this invoice via text search */
      additionalSearchTerms?: string[] | null
      /**
       * Format: decimal
       * @description The amount of the invoice. If null or unspecified, the invoice will be a top-up invoice. (ie. The invoice will consider any payment as a full payment)
       * @example 5.00
       */
      amount?: string | null
      /**
       * @description The currency of the invoice (if null, empty or unspecified, the currency will be the store's settings default)'
       * @example USD
       */
      currency?: string | null
    }
    CreatePayoutRequest: {
      /**
       * Format: decimal
       * @description The amount of the payout in the currency of the pull payment (eg. USD).
       * @example 10399.18
       */
      amount?: string
      /**
       * @description The destination of the payout (can be an address or a BIP21 url)
       * @example 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2
       */
      destination?: string
      payoutMethodId?: components['schemas']['PayoutMethodId']
    }
    /**
     * @description An additional status that describes why an invoice is in its current status.
     * @enum {string}
     */
    InvoiceAdditionalStatus: 'None' | 'PaidLate' | 'PaidPartial' | 'Marked' | 'Invalid' | 'PaidOver'
    InvoiceData: components['schemas']['InvoiceDataBase'] & {
      additionalStatus?: components['schemas']['InvoiceAdditionalStatus']
      /**
       * Format: decimal
       * @description The amount of the invoice. Note that the amount will be zero for a top-up invoice that is paid after invoice expiry.
       * @example 5.00
       */
      amount?: string
      /** @description true if the invoice is archived */
      archived?: boolean
      /** @description The statuses the invoice can be manually marked as */
      availableStatusesForManualMarking?: components['schemas']['InvoiceStatus'][]
      /** @description The link to the checkout page, where you can redirect the customer */
      checkoutLink?: string
      /** @description The creation time of the invoice */
      createdTime?: components['schemas']['UnixTimestamp']
      /**
       * @description The currency of the invoice
       * @example USD
       */
      currency?: string
      /** @description The expiration time of the invoice */
      expirationTime?: components['schemas']['UnixTimestamp']
      id?: components['schemas']['InvoiceId']
      /** @description Expiration time for monitoring of the invoice for any changes */
      monitoringExpiration?: components['schemas']['UnixTimestamp']
      /**
       * Format: decimal
       * @description The actual amount paid by the customer/buyer.
       * @example 5.00
       */
      paidAmount?: string
      /** @description Only filled when includePaymentMethods=true (list: since 2.3.6, single: since 2.4.1); otherwise an empty array or absent. */
      paymentMethods?: components['schemas']['InvoicePaymentMethodDataModel'][]
      status?: components['schemas']['InvoiceStatus']
      /** @description The store identifier that the invoice belongs to */
      storeId?: components['schemas']['StoreId']
      type?: components['schemas']['InvoiceType']
    }
    InvoiceDataBase: {
      /** @description Additional settings to customize the checkout flow */
      checkout?: components['schemas']['CheckoutOptions'] | null
      metadata?: components['schemas']['InvoiceMetadata']
      /** @description Additional settings to customize the public receipt */
      receipt?: components['schemas']['ReceiptOptions'] | null
    }
    InvoiceDataList: ({
      paymentMethods?: components['schemas']['InvoicePaymentMethodDataModel'][]
    } & components['schemas']['InvoiceData'])[]
    /**
     * @description The invoice ID
     * @example HMprBnL9BTXWuPvpoKBS6e
     */
    InvoiceId: string
    /**
     * @description Additional information around the invoice that can be supplied. The mentioned properties are all optional and you can introduce any json format you wish. See [our documentation](https://docs.btcpayserver.org/Development/InvoiceMetadata/) for more information.
     * @example {
     *       "orderId": "pos-app_346KRC5BjXXXo8cRFKwTBmdR6ZJ4",
     *       "orderUrl": "https://localhost:14142/apps/346KRC5BjXXXo8cRFKwTBmdR6ZJ4/pos",
     *       "itemDesc": "Tea shop",
     *       "posData": {
     *         "tip": 0.48,
     *         "cart": [
     *           {
     *             "id": "pu erh",
     *             "count": 1,
     *             "image": "~/img/pos-sample/pu-erh.jpg",
     *             "price": {
     *               "type": 2,
     *               "value": 2,
     *               "formatted": "$2.00"
     *             },
     *             "title": "Pu Erh",
     *             "inventory": null
     *           },
     *           {
     *             "id": "rooibos",
     *             "count": 1,
     *             "image": "~/img/pos-sample/rooibos.jpg",
     *             "price": {
     *               "type": 2,
     *               "value": 1.2,
     *               "formatted": "$1.20"
     *             },
     *             "title": "Rooibos",
     *             "inventory": null
     *           }
     *         ],
     *         "total": 3.68,
     *         "subTotal": 3.2,
     *         "customAmount": 0,
     *         "discountAmount": 0,
     *         "discountPercentage": 0
     *       },
     *       "receiptData": {
     *         "Tip": "$0.48",
     *         "Cart": {
     *           "Pu Erh": "$2.00 x 1 = $2.00",
     *           "Rooibos": "$1.20 x 1 = $1.20"
     *         }
     *       }
     *     }
     */
    InvoiceMetadata:
      | {
          [key: string]: unknown
        }
      | {
          /** @description Refers to the order ID from an external system, such as an e-commerce platform like WooCommerce. This property is indexed, allowing for efficient invoice searches using the `orderId`. */
          orderId?: string | null
          /** @description Refers to a URL linking back to the order page of the external system. This link is displayed in the invoice details view. */
          orderUrl?: string | null
          /** @description Indicates if this is a physical good; displayed in the invoice details view and in the BitPay API-compatible endpoints. */
          physical?: string | null
          /** @description Represents the tax amount in the invoice currency. This information will appear in the invoice details view. During invoice creation, the value is automatically rounded to significant digits and ensured not to be greater than the invoice's price. */
          taxIncluded?: number | null
        }
      | {
          /** @description A custom JSON object that represents information displayed in the invoice details view. */
          posData?: Record<string, never>
        }
      | {
          /** @description When using the Point of Sale (except in keypad or cart view), this field is set to the item code of the purchased item. This information is included in the CSV invoice export feature and appears in the invoice details view. */
          itemCode?: string | null
          /** @description When using the Point of Sale (except in keypad or cart view), this field is set to the item description of the purchased item. This information is included in the CSV invoice export feature and appears in the invoice details view. */
          itemDesc?: string | null
        }
      | {
          /** @description In the invoice details view, a link is provided for navigating to the payment request page associated with the invoice. */
          paymentRequestId?: string | null
        }
      | {
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerAddress1?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerAddress2?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerCity?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerCountry?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerEmail?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerName?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerPhone?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerState?: string | null
          /** @description Visible in the invoice details view and in the BitPay API-compatible endpoints. */
          buyerZip?: string | null
        }
      | {
          /** @description A custom JSON object that represents information displayed on the receipt page of an invoice. */
          receiptData?: Record<string, never> | null
        }
    InvoicePaymentMethodDataModel: {
      /** @description If the payment method is activated (when lazy payments option is enabled */
      activated?: boolean
      /** @description Additional data provided by the payment method. */
      additionalData?:
        | {
            /**
             * @description The consumed lightning address of a LN Address payment
             * @example customer@example.com
             */
            consumedLightningAddress?: string | null
            /**
             * @description The provided comment to a LNUrl payment with comments enabled
             * @example Thank you!
             */
            providedComment?: string | null
          }
        | {
            /**
             * @description The derivation scheme used to derive addresses (null if `includeSensitive` is `false`)
             * @example xpub6DVMcQAQCtGbNDTEjQGtR1GRoTKw7AzP6bVivX4gFnewcnRk1r1tbczpfsaYjKKVrmtyiwYqAEnALYzZ8yoTArVsKfZekmwLFqQp4MRgPhy
             */
            accountDerivation?: string
            /**
             * @description The key path relative to the account derviation key.
             * @example 0/1
             */
            keyPath?: string
            /** @description If the payjoin feature is enabled for this payment method. */
            payjoinEnabled?: boolean
            /**
             * Format: decimal
             * @description The fee rate charged to the user as `PaymentMethodFee`.
             * @example 3.975
             */
            paymentMethodFeeRate?: string
            /**
             * Format: decimal
             * @description The recommended fee rate for this payment method.
             * @example 4.107
             */
            recommendedFeeRate?: string
          }
        | Record<string, never>
      /**
       * Format: decimal
       * @description The invoice amount, converted to this payment method's currency
       */
      amount?: string
      /**
       * @description The currency of the payment method (e.g., "BTC" or "LTC")
       * @example BTC
       */
      currency?: string
      /** @description The destination the payment must be made to */
      destination?: string
      /**
       * Format: decimal
       * @description The total amount left to be paid, converted to this payment method's currency (will be negative if overpaid)
       */
      due?: string
      /** @description A payment link that helps pay to the payment destination */
      paymentLink?: string | null
      /**
       * Format: decimal
       * @description The added merchant fee to pay for additional costs incurred by this payment method.
       */
      paymentMethodFee?: string
      paymentMethodId?: components['schemas']['PaymentMethodId']
      /**
       * Format: decimal
       * @description The amount paid by this payment method
       */
      paymentMethodPaid?: string
      /** @description Payments made with this payment method. */
      payments?: components['schemas']['Payment'][]
      /**
       * Format: decimal
       * @description The rate between this payment method's currency and the invoice currency
       * @example 64392.23
       */
      rate?: string
      /**
       * Format: decimal
       * @description The total amount paid by all payment methods to the invoice, converted to this payment method's currency
       */
      totalPaid?: string
    }
    /**
     * @description The status of the invoice
     * @enum {string}
     */
    InvoiceStatus: 'New' | 'Processing' | 'Expired' | 'Invalid' | 'Settled'
    /** @enum {string} */
    InvoiceStatusMark: 'Invalid' | 'Settled'
    /**
     * @description The type of the invoice
     * @enum {string}
     */
    InvoiceType: 'Standard' | 'TopUp'
    MarkInvoiceStatusRequest: {
      /** @description Mark an invoice as completed or invalid. */
      status?: string & components['schemas']['InvoiceStatusMark']
    }
    Payment: {
      /** @description The destination the payment was made to */
      destination?: string
      /**
       * Format: decimal
       * @description The fee paid for the payment
       */
      fee?: string
      /** @description A unique identifier for this payment */
      id?: string
      /** @description The date the payment was recorded */
      receivedDate?: components['schemas']['UnixTimestamp']
      status?: components['schemas']['PaymentStatus']
      /**
       * Format: decimal
       * @description The value of the payment
       */
      value?: string
    }
    /**
     * @description Payment method IDs. Available payment method IDs for Bitcoin are:
     *     - `"BTC-CHAIN"`: Onchain
     *     -`"BTC-LN"`: Lightning
     *     - `"BTC-LNURL"`: LNURL
     * @example BTC-CHAIN
     */
    PaymentMethodId: string
    /**
     * @description The status of the payment
     * @enum {string}
     */
    PaymentStatus: 'Invalid' | 'Processing' | 'Settled'
    PayoutData: {
      /** @description The creation date of the payout as a unix timestamp */
      date?: components['schemas']['UnixTimestamp']
      /**
       * @description The destination of the payout (can be an address or a BIP21 url)
       * @example 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2
       */
      destination?: string
      /** @description The id of the payout */
      id?: string
      /**
       * @description Additional information around the payout that can be supplied. The mentioned properties are all optional and you can introduce any json format you wish.
       * @example {
       *       "source": "Payout created through the API"
       *     }
       */
      metadata?:
        | {
            [key: string]: unknown
          }
        | {
            /** @description The source of the payout creation. Shown on the payout list page. */
            source?: string | null
            /**
             * Format: url
             * @description A link to the source of the payout creation. Shown on the payout list page.
             */
            sourceLink?: string | null
          }
      /**
       * Format: decimal
       * @description The amount in originalCurrency before being converted into the payout's currency
       * @example 10399.18
       */
      originalAmount?: string
      /**
       * @description The currency before being converted into the payout's currency
       * @example USD
       */
      originalCurrency?: string
      paymentProof?: components['schemas']['PayoutPaymentProof']
      /**
       * Format: decimal
       * @description The amount in payoutCurrency after conversion. (This property is set after the payout has been Approved)
       * @example 1.12300000
       */
      payoutAmount?: string | null
      /**
       * @description The currency of the payout after conversion.
       * @example BTC
       */
      payoutCurrency?: string
      payoutMethodId?: components['schemas']['PayoutMethodId']
      /** @description The id of the pull payment this payout belongs to */
      pullPaymentId?: string
      /** @description The revision number of the payout. This revision number is incremented when the payout amount or destination is modified before the approval. */
      revision?: number
      state?: components['schemas']['PayoutState']
    }
    PayoutDataList: components['schemas']['PayoutData'][]
    /**
     * @description Payout method IDs. Available payment method IDs for Bitcoin are:
     *     - `"BTC-CHAIN"`: Onchain
     *     -`"BTC-LN"`: Lightning
     * @example BTC-LN
     */
    PayoutMethodId: string
    /** @description Additional information around how the payout is being or has been paid out. The mentioned properties are all optional (except `proofType`) and you can introduce any json format you wish. */
    PayoutPaymentProof:
      | ({
          /** @description The type of payment proof it is. */
          proofType?: string
        } & {
          [key: string]: unknown
        })
      | {
          /**
           * Format: url
           * @description A link to the proof of payout payment.
           */
          link?: string | null
        }
      | {
          /** @description A unique identifier to the proof of payout payment. */
          id?: string | null
        }
    /**
     * @description The state of the payout (`AwaitingApproval`, `AwaitingPayment`, `InProgress`, `Completed`, `Cancelled`)
     * @example AwaitingPayment
     * @enum {string}
     */
    PayoutState: 'AwaitingApproval' | 'AwaitingPayment' | 'InProgress' | 'Completed' | 'Cancelled'
    /** @description Body of a 403 (also returned for an id that does not exist or belongs to another store) */
    PermissionProblemDetails: components['schemas']['ProblemDetails'] & {
      /** @example btcpay.store.canviewinvoices */
      missingPermission?: string
    }
    /** @description Description of an error happening during processing of the request */
    ProblemDetails: {
      /** @description An error code describing the error */
      code?: string
      /** @description User friendly error message about the error */
      message?: string
    }
    PullPaymentData: {
      /**
       * Format: decimal
       * @description The amount in the currency of this pull payment as a decimal string
       * @example 1.12000000
       */
      amount?: string
      /** @description Whether this pull payment is archived */
      archived?: boolean
      /**
       * @description Any payouts created for this pull payment will skip the approval phase upon creation
       * @default false
       * @example false
       */
      autoApproveClaims?: boolean | null
      /**
       * @description If lightning is activated, do not accept BOLT11 invoices with expiration less than … days
       * @example 30
       */
      BOLT11Expiration?: number
      /**
       * @description The currency of the pull payment's amount
       * @example BTC
       */
      currency?: string
      /** @description Description given to pull payment when it was created */
      description?: string
      expiresAt?: components['schemas']['UnixTimestamp'] | null
      /** @description Id of the pull payment */
      id?: string
      /** @description Name given to pull payment when it was created */
      name?: string
      startsAt?: components['schemas']['UnixTimestamp']
      /** @description The link to a page to claim payouts to this pull payment */
      viewLink?: string
    }
    PullPaymentDataList: components['schemas']['PullPaymentData'][]
    ReceiptOptions: {
      /** @description A public page will be accessible once the invoice is settled. If null or unspecified, it will fallback to the store's settings. (The default store settings is true) */
      enabled?: boolean | null
      /**
       * @description Show the payment list in the public receipt page. If null or unspecified, it will fallback to the store's settings. (The default store setting is true)
       * @default null
       */
      showPayments?: boolean | null
      /**
       * @description Show the QR code of the receipt in the public receipt page. If null or unspecified, it will fallback to the store's settings. (The default store setting is true)
       * @default null
       */
      showQR?: boolean | null
    }
    RefundInvoiceRequest: {
      /**
       * Format: decimal
       * @description The amount to refund if the `refundVariant` is `Custom`.
       * @example 5.00
       */
      customAmount?: string
      /**
       * @description The currency to refund if the `refundVariant` is `Custom`
       * @example USD
       */
      customCurrency?: string
      /** @description Description of the pull payment */
      description?: string
      /** @description Name of the pull payment (Default: 'Refund' followed by the invoice id) */
      name?: string | null
      /** @description The list of payout methods the refund can be claimed in. Available options can be queried from the `StorePaymentMethods_GetStorePaymentMethods` endpoint. If `null`, falls back to the deprecated single payout method, and if that is also `null`, to the default payout method of the original invoice. */
      payoutMethods?: string[] | null
      /**
       * @description * `RateThen`: Refund the crypto currency price, at the rate the invoice got paid.
       *     * `CurrentRate`: Refund the crypto currency price, at the current rate.
       *     *`Fiat`: Refund the invoice currency, at the rate when the refund will be sent.
       *     *`OverpaidAmount`: Refund the crypto currency amount that was overpaid.
       *     *`Custom`: Specify the amount, currency, and rate of the refund. (see `customAmount` and `customCurrency`)
       * @enum {string}
       */
      refundVariant: 'RateThen' | 'CurrentRate' | 'OverpaidAmount' | 'Fiat' | 'Custom'
      /**
       * Format: decimal
       * @description Optional percentage by which to reduce the refund, e.g. as processing charge or to compensate for the mining fee.
       * @example 2.1
       */
      subtractPercentage?: string
    }
    /**
     * @description This is a risk mitigation parameter for the merchant to configure how they want to fulfill orders depending on the number of block confirmations for the transaction made by the consumer on the selected cryptocurrency.
     *     `"HighSpeed"`: 0 confirmations (1 confirmation if RBF enabled in transaction)
     *     `"MediumSpeed"`: 1 confirmation
     *     `"LowMediumSpeed"`: 2 confirmations
     *     `"LowSpeed"`: 6 confirmations
     * @enum {string}
     */
    SpeedPolicy: 'HighSpeed' | 'MediumSpeed' | 'LowSpeed' | 'LowMediumSpeed'
    /**
     * @description Store ID of the item
     * @example 9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776
     */
    StoreId: string
    /**
     * Format: int32
     * @example 90
     */
    TimeSpan: number
    /**
     * Format: minutes
     * @description A span of times in minutes
     */
    TimeSpanMinutes: components['schemas']['TimeSpan']
    /**
     * Format: int32
     * @description A unix timestamp in seconds
     * @example 1592312018
     */
    UnixTimestamp: number
    /** @description An array of validation errors of the request */
    ValidationProblemDetails: {
      /** @description User friendly error message about the validation */
      message?: string
      /** @description The json path of the property which failed validation */
      path?: string
    }[]
  }
  responses: never
  parameters: {
    /** @description The invoice ID */
    InvoiceId: components['schemas']['InvoiceId']
    /** @description The store ID */
    StoreId: components['schemas']['StoreId']
  }
  requestBodies: never
  headers: never
  pathItems: never
}
export type $defs = Record<string, never>
export interface operations {
  Health_GetHealth: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Instance is up */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ApplicationHealthData']
        }
      }
      /** @description If you are authenticated but forbidden to get the data */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
      /** @description Unexpected error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ProblemDetails']
        }
      }
    }
  }
  PullPayments_GetPayouts: {
    parameters: {
      query?: {
        /** @description Whether this should list cancelled payouts */
        includeCancelled?: boolean
      }
      header?: never
      path: {
        /** @description The ID of the pull payment */
        pullPaymentId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The payouts of the pull payment */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PayoutDataList']
        }
      }
      /** @description Pull payment not found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  PullPayments_CreatePayout: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The ID of the pull payment */
        pullPaymentId: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['CreatePayoutRequest']
      }
    }
    responses: {
      /** @description A new payout has been created */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PayoutData']
        }
      }
      /** @description Well-known error codes are: `duplicate-destination`, `expired`, `not-started`, `archived`, `overdraft`, `amount-too-low`, `payment-method-not-supported` */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ProblemDetails']
        }
      }
      /** @description Pull payment not found */
      404: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description Unable to validate the request */
      422: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ValidationProblemDetails']
        }
      }
    }
  }
  ServerInfo_GetServerInfo: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Server information */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ApplicationServerInfoData']
        }
      }
      /** @description Missing authorization */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ProblemDetails']
        }
      }
      /** @description Unexpected error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ProblemDetails']
        }
      }
    }
  }
  Invoices_GetInvoices: {
    parameters: {
      query?: {
        /** @description End date of the period to retrieve invoices */
        endDate?: components['schemas']['UnixTimestamp']
        /** @description Includes payment methods available to the response */
        includePaymentMethods?: boolean
        /**
         * @description Array of OrderIds to fetch the invoices for
         * @example 1000&orderId=1001&orderId=1002
         */
        orderId?: string[]
        /** @description Number of records to skip */
        skip?: number | null
        /** @description Start date of the period to retrieve invoices */
        startDate?: components['schemas']['UnixTimestamp']
        /** @description Array of statuses of invoices to be fetched */
        status?: components['schemas']['InvoiceStatus']
        /** @description Number of records returned in response */
        take?: number | null
        /** @description A term that can help locating specific invoices. */
        textSearch?: string
      }
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description List of invoices */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['InvoiceDataList']
        }
      }
      /** @description Missing authorization */
      401: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ProblemDetails']
        }
      }
      /** @description Unexpected error */
      default: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ProblemDetails']
        }
      }
    }
  }
  Invoices_CreateInvoice: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateInvoiceRequest']
      }
    }
    responses: {
      /** @description Information about the new invoice */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['InvoiceData']
        }
      }
      /** @description A list of errors that occurred when creating the invoice */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ValidationProblemDetails']
        }
      }
      /** @description If you are authenticated but forbidden to add new invoices */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
    }
  }
  Invoices_GetInvoice_InStore: {
    parameters: {
      query?: {
        /** @description Includes payment methods available to the response */
        includePaymentMethods?: boolean
      }
      header?: never
      path: {
        /** @description The invoice ID */
        invoiceId: components['parameters']['InvoiceId']
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description specified invoice */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['InvoiceData']
        }
      }
      /** @description If you are authenticated but forbidden to view the specified invoice */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
      /** @description The key is not found for this invoice */
      404: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  Invoices_ArchiveInvoice_InStore: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The invoice ID */
        invoiceId: components['parameters']['InvoiceId']
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description The invoice has been archived */
      200: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
      /** @description A list of errors that occurred when archiving the invoice */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ValidationProblemDetails']
        }
      }
      /** @description If you are authenticated but forbidden to archive the specified invoice */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
      /** @description The key is not found for this invoice */
      404: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  Invoices_GetInvoicePaymentMethods_InStore: {
    parameters: {
      query?: {
        /** @description If `true`, `additionalData` might include sensitive data (such as xpub). Requires the permission `btcpay.store.canmodifystoresettings`. */
        includeSensitive?: boolean
        /** @description If default or true, only returns payments which are accounted (in Bitcoin, this mean not returning RBF'd or double spent payments) */
        onlyAccountedPayments?: boolean
      }
      header?: never
      path: {
        /** @description The invoice ID */
        invoiceId: components['parameters']['InvoiceId']
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description specified invoice payment methods data */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['InvoicePaymentMethodDataModel'][]
        }
      }
      /** @description If you are authenticated but forbidden to view the specified invoice */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
      /** @description The key is not found for this invoice */
      404: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  Invoices_Refund_InStore: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The invoice ID */
        invoiceId: components['parameters']['InvoiceId']
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['RefundInvoiceRequest']
      }
    }
    responses: {
      /** @description Pull payment for refunding the invoice */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PullPaymentData']
        }
      }
      /** @description A list of errors that occurred when refunding the invoice */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ValidationProblemDetails']
        }
      }
      /** @description If you are authenticated but forbidden to refund the invoice */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
    }
  }
  Invoices_MarkInvoiceStatus_InStore: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @description The invoice ID */
        invoiceId: components['parameters']['InvoiceId']
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['MarkInvoiceStatusRequest']
      }
    }
    responses: {
      /** @description The updated invoice */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['InvoiceData']
        }
      }
      /** @description A list of errors that occurred when updating the invoice */
      400: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ValidationProblemDetails']
        }
      }
      /** @description If you are authenticated but forbidden to update the invoice */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
    }
  }
  PullPayments_GetPullPayments: {
    parameters: {
      query?: {
        /** @description Whether this should list archived pull payments */
        includeArchived?: boolean
      }
      header?: never
      path: {
        /** @description The store ID */
        storeId: components['parameters']['StoreId']
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description List of pull payments */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PullPaymentDataList']
        }
      }
      /** @description If you are authenticated but forbidden to get the data */
      403: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['PermissionProblemDetails']
        }
      }
    }
  }
}
