import type { MedusaResponse } from '@medusajs/framework/http'

/** 503 with a sentence for the owner. */
export function unavailable(res: MedusaResponse, message: string): void {
  res.status(503).json({ type: 'unavailable', message })
}

export const SET_UP_FIRST = 'The shop is not set up with BTCPay yet.'
