import {
  defineMiddlewares,
  type MedusaNextFunction,
  type MedusaRequest,
  type MedusaResponse,
} from '@medusajs/framework/http'
import { endOldSessions, refuseRefresh } from '../admin-access/session'
import { guardPasswords } from '../admin-access/sign-in'
import { boundStoreWrites, refuseEmptyPayment } from '../cart-bounds/middleware'
import { environment } from '../environment'
import { tellingErrorHandler } from '../errors/request-errors'
import { limitRequests } from '../limits/middleware'
import { examineUploads } from '../uploads/middleware'

/** BTCPay's events are below 4 kB; a forger may not make us hash more. */
const WEBHOOK_LIMIT = '64kb'

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
      middlewares: [trustProxies, limitRequests, guardPasswords, endOldSessions, boundStoreWrites],
    },
    { matcher: '/store/payment-collections', methods: ['POST'], middlewares: [refuseEmptyPayment] },
    {
      matcher: '/store/payment-collections/:id/payment-sessions',
      methods: ['POST'],
      middlewares: [refuseEmptyPayment],
    },
    // After Medusa's own, which reads the files.
    { matcher: '/admin/uploads', methods: ['POST'], middlewares: [examineUploads] },
    { matcher: '/auth/token/refresh', methods: ['POST'], middlewares: [refuseRefresh] },
    {
      matcher: '/hooks/btcpay',
      methods: ['POST'],
      bodyParser: { preserveRawBody: true, sizeLimit: WEBHOOK_LIMIT },
    },
  ],
})
