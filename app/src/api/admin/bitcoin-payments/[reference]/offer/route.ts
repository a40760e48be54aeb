import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { MedusaError } from '@medusajs/framework/utils'
import { ledgerOf } from '../../../../../modules/ledger/ledger'
import { offerOwed } from '../../../../../workflows/refunds/offer-owed'

const REFUSALS = {
  'nothing-owed': 'Nothing of this payment is owed to its shopper.',
  'not-confirmed':
    'The Bitcoin network has not confirmed all of this money yet. Please try again once it has.',
}

/**
 * POST /admin/bitcoin-payments/:reference/offer: offers the shopper the money that no order stands for, by a
 * claim link in a mail; safe to repeat. The answer has every offer: `amount` as a decimal string in major
 * units, and its `link`. 404 no such payment, 409 nothing is owed or not confirmed yet, 503 BTCPay made none or did not say so.
 */
export async function POST(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const row = await ledgerOf(req.scope).byReference(String(req.params.reference))
  if (!row) {
    res.status(404).json({ type: 'not_found', message: 'There is no such payment.' })
    return
  }
  try {
    const done = await offerOwed(req.scope, row.session_id)
    if (!done.offered) {
      res.status(409).json({ type: 'not_allowed', message: REFUSALS[done.reason] })
      return
    }
    const offers = done.offers.map(({ amount, link }) => ({ amount, link }))
    res.setHeader('cache-control', 'no-store')
    res.json({ offers, currency_code: done.currency.toLowerCase() })
  } catch (error) {
    if (!MedusaError.isMedusaError(error)) throw error
    res.status(503).json({ type: 'unavailable', message: error.message })
  }
}
