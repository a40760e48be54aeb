import {
  defineMiddlewares,
  type MedusaNextFunction,
  type MedusaRequest,
  type MedusaResponse,
} from '@medusajs/framework/http'
import { endOldSessions, refuseRefresh } from '../admin-access/session'
import { guardPasswords } from '../admin-access/sign-in'
import { guardCarts } from '../cart-guard/middleware'
import { environment } from '../environment'
import { tellingErrorHandler } from '../errors/request-errors'
import { limitRequests } from '../limits/middleware'
import { showPublicFields } from '../public-fields/middleware'
import { refuseWhatIsNotSoldHere } from '../public-fields/sold-here'
import { bodySizes } from '../surface/body-sizes'
import { requireGuard } from '../surface/stand-guard'

let proxiesSet = false

/** Medusa trusts one hop, whoever it is; here the environment names whom. */
function trustProxies(req: MedusaRequest, _res: MedusaResponse, next: MedusaNextFunction): void {
  if (!proxiesSet) {
    const trusted = environment().TRUSTED_PROXIES ?? 'loopback'
    req.app.set('trust proxy', /^\d+$/.test(trusted) ? Number(trusted) : trusted)
    proxiesSet = true
  }
  next()
}

export default defineMiddlewares({
  errorHandler: tellingErrorHandler(),
  routes: [
    {
      matcher: '/*',
      middlewares: [
        requireGuard,
        trustProxies,
        limitRequests,
        guardPasswords,
        endOldSessions,
        guardCarts,
      ],
    },
    { matcher: '/store/*', middlewares: [showPublicFields, refuseWhatIsNotSoldHere] },
    { matcher: '/auth/token/refresh', methods: ['POST'], middlewares: [refuseRefresh] },
    ...bodySizes(),
  ],
})
