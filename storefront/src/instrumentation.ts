import { report } from '@rr-bizops/telemetry/errors/current'
import type { Instrumentation } from 'next'
import { environment, inDevelopment } from './environment'
import { isMalformedForm } from './errors/malformed-form'

/** Next calls this once at start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  // Imported only here: the other runtime has no process to end and no answers of node:http.
  const { refuseWrongEnvironment } = await import('./refuse-start')
  refuseWrongEnvironment()
  if (!inDevelopment()) {
    const { openStorefrontLog } = await import('./logging/open')
    openStorefrontLog()
  }
  if (environment().NEXT_PUBLIC_SENTRY_DSN) {
    const { openStorefrontErrors } = await import('./errors/open')
    openStorefrontErrors()
  }
  const { giveAnswersTheirPolicy } = await import('./policy/answers')
  giveAnswersTheirPolicy()
}

/** Next calls this for every error of a page, a route or a server function that nobody caught. */
export const onRequestError: Instrumentation.onRequestError = (error, { method }, context) => {
  // A visitor's fault; a stranger could use the budget of errors up by it.
  if (isMalformedForm(error)) return
  report(error, {
    by: 'request',
    tags: { route: context.routePath, method, kind: context.routeType },
  })
}
