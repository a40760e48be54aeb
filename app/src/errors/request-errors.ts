import { errorHandler } from '@medusajs/framework/http'
import { report } from '@rr-bizops/telemetry/errors/current'
import { routeOf } from '../logging/routes'
import { isOurs, withoutTelling } from './medusa-hooks'

/** Medusa's answer to an error of a request; what is our fault is told before. */
export function tellingErrorHandler(): ReturnType<typeof errorHandler> {
  const answer = errorHandler()
  return (error, req, res, next) => {
    // Such as /store/carts/%: Medusa would call it a fault of ours.
    if (error instanceof URIError) {
      const message = 'The address of this request cannot be read.'
      res.status(400).json({ type: 'invalid_data', message })
      return
    }
    const ours = isOurs(error)
    if (ours) {
      report(error, { by: 'request', tags: { route: routeOf(req).route, method: req.method } })
    }
    withoutTelling(() => answer(error, req, res, next))
  }
}
