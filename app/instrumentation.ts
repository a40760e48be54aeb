import { environment } from './src/environment'
import { boundLookups } from './src/surface/bound-lookups'
import { policyOf, standGuard } from './src/surface/stand-guard'

/** Medusa's server and worker call this once, before any module is loaded, and do not wait for it. */
export function register(): void {
  standGuard(policyOf(environment()))
  boundLookups()
  if (!environment().SENTRY_DSN) return
  // At once, before subscribers and jobs are read; and only here, so that nothing is loaded without a DSN.
  const { openMedusaErrors } = require('./src/errors/open') as typeof import('./src/errors/open')
  openMedusaErrors(environment())
}
