import {
  defineMiddlewares,
  type MedusaNextFunction,
  type MedusaRequest,
  type MedusaResponse,
} from '@medusajs/framework/http'
import { beginSession, guardAdmins } from '../admin-access/guard'
import { noteInviter, noteResender, requirePendingInvite } from '../admin-access/invitation'
import { guardPasswords } from '../admin-access/sign-in'
import { boundStoreWrites, refuseEmptyPayment } from '../cart-bounds/middleware'
import { guardCarts } from '../cart-guard/middleware'
import { environment } from '../environment'
import { tellingErrorHandler } from '../errors/request-errors'
import { limitRequests } from '../limits/middleware'
import { showPublicFields } from '../public-fields/middleware'
import { refuseWhatIsNotSoldHere } from '../public-fields/sold-here'
import { bodySizes } from '../surface/body-sizes'
import { requireGuard } from '../surface/stand-guard'
import { examineUploads } from '../uploads/middleware'
import { refundBeforeCancellation } from '../workflows/refunds/before-cancellation'

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
        guardAdmins,
        boundStoreWrites,
        guardCarts,
      ],
    },
    { matcher: '/store/*', middlewares: [showPublicFields, refuseWhatIsNotSoldHere] },
    { matcher: '/store/payment-collections', methods: ['POST'], middlewares: [refuseEmptyPayment] },
    {
      matcher: '/store/payment-collections/:id/payment-sessions',
      methods: ['POST'],
      middlewares: [refuseEmptyPayment],
    },
    // After Medusa's own, which reads the files.
    { matcher: '/admin/uploads', methods: ['POST'], middlewares: [examineUploads] },
    {
      matcher: '/admin/orders/:id/cancel',
      methods: ['POST'],
      middlewares: [refundBeforeCancellation],
    },
    { matcher: '/auth/session', methods: ['POST'], middlewares: [beginSession] },
    { matcher: '/admin/invites', methods: ['POST'], middlewares: [noteInviter] },
    { matcher: '/admin/invites/:id/resend', methods: ['POST'], middlewares: [noteResender] },
    { matcher: '/admin/invites/accept', methods: ['POST'], middlewares: [requirePendingInvite] },
    ...bodySizes(),
  ],
})
