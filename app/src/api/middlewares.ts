import {
  defineMiddlewares,
  type MedusaNextFunction,
  type MedusaRequest,
  type MedusaResponse,
} from '@medusajs/framework/http'
import { beginSession, guardAdmins, refuseRefresh } from '../admin-access/guard'
import { noteInviter, noteResender, requirePendingInvite } from '../admin-access/invitation'
import { guardPasswords } from '../admin-access/sign-in'
import { environment } from '../environment'
import { tellingErrorHandler } from '../errors/request-errors'
import { limitRequests } from '../limits/middleware'

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
      middlewares: [trustProxies, limitRequests, guardPasswords, guardAdmins],
    },
    { matcher: '/auth/session', methods: ['POST'], middlewares: [beginSession] },
    { matcher: '/admin/invites', methods: ['POST'], middlewares: [noteInviter] },
    { matcher: '/admin/invites/:id/resend', methods: ['POST'], middlewares: [noteResender] },
    { matcher: '/admin/invites/accept', methods: ['POST'], middlewares: [requirePendingInvite] },
    { matcher: '/auth/token/refresh', methods: ['POST'], middlewares: [refuseRefresh] },
    {
      matcher: '/hooks/btcpay',
      methods: ['POST'],
      bodyParser: { preserveRawBody: true, sizeLimit: WEBHOOK_LIMIT },
    },
  ],
})
