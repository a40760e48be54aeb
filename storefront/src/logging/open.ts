import { takeOverConsole } from '@rr-bizops/telemetry/logging/console'
import { levelNamed, openLog } from '@rr-bizops/telemetry/logging/record'
import { watchRequests } from '@rr-bizops/telemetry/logging/requests'
import { environment } from '../environment'
import { requestId } from './request-id'
import { isQuiet, readRoutes, routeOf } from './routes'

/** Opens the log of the built storefront: from now on all it prints is one line of JSON an event. */
export function openStorefrontLog(): void {
  const routes = readRoutes()
  openLog({
    app: 'storefront',
    least: levelNamed(environment().LOG_LEVEL),
    write: (line) => process.stdout.write(`${line}\n`),
  })
  takeOverConsole()
  watchRequests({
    // At once: Next writes over the address of a request.
    begin: ({ headers, url }) => ({ requestId: requestId(headers), ...routeOf(routes, url ?? '') }),
    quiet: isQuiet,
  })
}
