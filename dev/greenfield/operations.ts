/**
 * What of BTCPay's Greenfield API the shop asks for, and what else the stand-in serves. After a change:
 * `node dev/greenfield/main.ts FULL.json`, with the whole API as BTCPay publishes it.
 */
export const OPERATIONS = [
  'get /api/v1/health',
  'get /api/v1/server/info',
  'get /api/v1/stores/{storeId}/invoices',
  'post /api/v1/stores/{storeId}/invoices',
  'get /api/v1/stores/{storeId}/invoices/{invoiceId}',
  'delete /api/v1/stores/{storeId}/invoices/{invoiceId}',
  'get /api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods',
  'post /api/v1/stores/{storeId}/invoices/{invoiceId}/status',
  'post /api/v1/stores/{storeId}/invoices/{invoiceId}/refund',
  'get /api/v1/stores/{storeId}/pull-payments',
  'get /api/v1/pull-payments/{pullPaymentId}/payouts',
  'post /api/v1/pull-payments/{pullPaymentId}/payouts',
] as const
