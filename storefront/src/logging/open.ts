import { environment } from '../environment'
import { takeOverConsole } from './console'
import { levelNamed, openLog } from './record'
import { requestId } from './request-id'
import { watchRequests } from './requests'
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
