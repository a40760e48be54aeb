import type { MedusaResponse } from '@medusajs/framework/http'

/** Answers 429 in Medusa's form of an error, with the time to wait. */
export function refuse(res: MedusaResponse, seconds: number, message?: string): void {
  res
    .status(429)
    .set({ 'retry-after': String(seconds), 'cache-control': 'no-store' })
    .json({
      type: 'too_many_requests',
      message: message ?? `Too many requests. Please try again in ${seconds} s.`,
    })
}
