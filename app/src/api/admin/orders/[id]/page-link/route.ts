import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { replacePageLink } from '../../../../../workflows/order-page/replace-link'

/**
 * POST /admin/orders/:id/page-link: the old link opens nothing any more, the shopper is mailed a new one.
 * The answer has neither. 404 no such order, 400 the shopper could not be sent a link: nothing was changed.
 */
export async function POST(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const outcome = await replacePageLink(req.scope, String(req.params.id))
  if (outcome.replaced) {
    const { at, repeated } = outcome
    res.status(200).json({ page_link: { replaced_at: new Date(at).toISOString(), repeated } })
  } else if (outcome.reason === 'no-order') {
    res.status(404).json({ type: 'not_found', message: outcome.message })
  } else {
    res.status(400).json({ type: 'invalid_data', message: outcome.message })
  }
}
